//! The handle that tests hold.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::faults::Fault;
use crate::options::InspectorOptions;
use crate::server::Server;
use crate::shared::Shared;
use crate::store::{ReceivedEvent, ReceivedRequest, Totals};

/// A running capture server. It stops when this is dropped.
///
/// The drop waits until the port is closed, but never longer than a second.
pub struct Inspector {
    shared: Arc<Shared>,
    server: Server,
}

impl Inspector {
    /// Starts a server on `127.0.0.1` and returns once it is listening.
    ///
    /// Needs no runtime and may be called from inside one.
    ///
    /// # Errors
    ///
    /// The port is taken (the text names it), or the system has no socket or thread to give.
    pub fn start(options: InspectorOptions) -> io::Result<Self> {
        let port = options.port;
        let shared = Arc::new(Shared::new(options));
        let server = Server::start(port, Arc::clone(&shared))?;
        Ok(Self { shared, server })
    }

    /// Where to send events: `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.addr())
    }

    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// The accepted events it still remembers, oldest first.
    ///
    /// An event is accepted once its request is answered 2xx. Events of refused requests are not
    /// here; their text is in [`ReceivedRequest::body`].
    #[must_use]
    pub fn events(&self) -> Vec<ReceivedEvent> {
        self.shared.store.events(|_| true)
    }

    /// The accepted events of this name that it still remembers, oldest first.
    #[must_use]
    pub fn events_named(&self, name: &str) -> Vec<ReceivedEvent> {
        self.shared.store.events(|event| event.event == name)
    }

    /// The requests it still remembers (the last 10,000), oldest first: those on capture routes,
    /// and any other `POST` outside the JSON API.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.store.requests()
    }

    /// Counts over the whole run, until [`reset`](Self::reset).
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.shared.store.totals()
    }

    /// The uuid of every event accepted in the whole run, until [`reset`](Self::reset): lower
    /// case, with hyphens.
    #[must_use]
    pub fn uuids(&self) -> HashSet<String> {
        self.shared.store.uuids()
    }

    /// Blocks until this many different events were accepted, and says whether they were in time.
    ///
    /// It blocks the thread: in an asynchronous test call it from `spawn_blocking`, or flush first.
    #[must_use]
    pub fn wait_for(&self, unique_events: u64, within: Duration) -> bool {
        self.shared.store.wait_until(within, |totals| totals.unique_events >= unique_events)
    }

    /// Blocks until this many requests have arrived, answered or not, and says whether they did in
    /// time.
    #[must_use]
    pub fn wait_for_requests(&self, requests: u64, within: Duration) -> bool {
        self.shared.store.wait_until(within, |totals| totals.requests >= requests)
    }

    /// Arms a fault behind those already armed.
    ///
    /// Each request on a capture route uses up one occasion of the first armed fault.
    pub fn inject(&self, fault: Fault) {
        self.shared.faults.arm(fault);
    }

    /// Disarms all faults. A request that already met one is not released.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Forgets everything received so far; request numbers begin at 1 again. Faults stay armed.
    pub fn reset(&self) {
        self.shared.store.reset();
    }
}

impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspector").field("addr", &self.server.addr()).finish_non_exhaustive()
    }
}
