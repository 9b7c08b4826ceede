//! What an inspector is started with.

use std::fmt;
use std::sync::Arc;

use crate::store::ReceivedEvent;

/// How many events an inspector remembers unless told otherwise.
pub const DEFAULT_CAPACITY: usize = 100_000;

/// How many bytes of event JSON an inspector remembers unless told otherwise: 64 MiB.
pub const DEFAULT_CAPACITY_BYTES: usize = 64 * 1024 * 1024;

pub(crate) type Observer = Arc<dyn Fn(&ReceivedEvent) + Send + Sync>;

/// Settings of an [`Inspector`](crate::Inspector), all with defaults.
///
/// ```
/// use analytics_inspector::InspectorOptions;
///
/// let options = InspectorOptions::default().with_capacity(1_000);
/// ```
#[derive(Clone)]
pub struct InspectorOptions {
    pub(crate) port: u16,
    pub(crate) capacity: usize,
    pub(crate) capacity_bytes: usize,
    pub(crate) observer: Option<Observer>,
}

impl InspectorOptions {
    /// Listens on this port of `127.0.0.1`. Default 0: any free one.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Remembers at most this many events; the oldest go first. Default [`DEFAULT_CAPACITY`].
    ///
    /// [`Totals`](crate::Totals) and [`uuids`](crate::Inspector::uuids) cover the whole run
    /// whatever the capacity.
    #[must_use]
    pub fn with_capacity(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    /// Remembers at most this many bytes of event JSON; the oldest events go first. Default
    /// [`DEFAULT_CAPACITY_BYTES`].
    ///
    /// Request bodies have a quarter of this on top.
    #[must_use]
    pub fn with_capacity_bytes(mut self, bytes: usize) -> Self {
        self.capacity_bytes = bytes;
        self
    }

    /// Calls this with each accepted event, in order, just before its request is answered.
    ///
    /// It runs on the server's only thread: while it does, nothing else is served. Default: none.
    #[must_use]
    pub fn with_observer(mut self, observer: impl Fn(&ReceivedEvent) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl Default for InspectorOptions {
    fn default() -> Self {
        Self { port: 0, capacity: DEFAULT_CAPACITY, capacity_bytes: DEFAULT_CAPACITY_BYTES, observer: None }
    }
}

impl fmt::Debug for InspectorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectorOptions")
            .field("port", &self.port)
            .field("capacity", &self.capacity)
            .field("capacity_bytes", &self.capacity_bytes)
            .field("observer", &self.observer.is_some())
            .finish()
    }
}
