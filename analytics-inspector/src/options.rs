//! What an inspector is started with.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::limits::Limits;
use crate::received::{ReceivedEvent, ReceivedRequest};
#[cfg(feature = "tls")]
use crate::tls::TlsCertificate;

/// How many events an inspector remembers unless told otherwise.
pub const DEFAULT_CAPACITY: usize = 100_000;

/// How many bytes of event JSON an inspector remembers unless told otherwise: 64 MiB.
pub const DEFAULT_CAPACITY_BYTES: usize = 64 * 1024 * 1024;

pub(crate) type Observer = Arc<dyn Fn(&ReceivedEvent) + Send + Sync>;
pub(crate) type RefusalObserver = Arc<dyn Fn(&ReceivedRequest) + Send + Sync>;

/// Settings of an [`Inspector`](crate::Inspector), all with defaults.
///
/// ```
/// use analytics_inspector::InspectorOptions;
///
/// let options = InspectorOptions::default().with_capacity(1_000);
/// ```
#[derive(Clone)]
pub struct InspectorOptions {
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) token: Option<String>,
    pub(crate) capacity: usize,
    pub(crate) capacity_bytes: usize,
    pub(crate) limits: Limits,
    pub(crate) observer: Option<Observer>,
    pub(crate) refusal_observer: Option<RefusalObserver>,
    #[cfg(feature = "tls")]
    pub(crate) certificate: Option<TlsCertificate>,
}

impl InspectorOptions {
    /// Listens on this address. Default `127.0.0.1`.
    ///
    /// Whoever reaches another one can send events. Who reads them and arms faults without being on this machine needs
    /// the [token](crate::Inspector::token).
    #[must_use]
    pub fn with_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Serves the page and the JSON API to callers on this machine under this host name or address too, in the `Host`
    /// and `Origin` headers. Default: loopback names only.
    ///
    /// Without that, a name of somebody else's that leads to 127.0.0.1 would let their pages read along. Who brings the
    /// [token](crate::Inspector::token) may use any name.
    #[must_use]
    pub fn with_allowed_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// Lets in who brings this token: 16 to 128 letters, digits and `-._~`. Default: on an address that is not loopback
    /// a random one, new at each start; on a loopback address none, since nobody needs one there.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Listens on this port. Default 0: any free one.
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

    /// Puts up with as much from its clients. Default [`Limits::default`].
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Speaks TLS and shows this certificate. Default: plain HTTP.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn with_tls(mut self, certificate: TlsCertificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// Calls this with each accepted event, in order, just before its request is answered.
    ///
    /// It runs on a thread of the server, and once at a time: while it does, perhaps nothing else is served. A
    /// panic of it costs that call and no more. Default: none.
    #[must_use]
    pub fn with_observer(mut self, observer: impl Fn(&ReceivedEvent) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Calls this with each request that is [refused](ReceivedRequest::is_refused), just before it is answered, and
    /// after the observer has seen those of its events that were accepted.
    ///
    /// The two of them run one at a time; what holds for [`with_observer`](Self::with_observer) holds here too.
    /// Default: none.
    #[must_use]
    pub fn with_refusal_observer(mut self, observer: impl Fn(&ReceivedRequest) + Send + Sync + 'static) -> Self {
        self.refusal_observer = Some(Arc::new(observer));
        self
    }
}

impl Default for InspectorOptions {
    fn default() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            allowed_hosts: Vec::new(),
            token: None,
            capacity: DEFAULT_CAPACITY,
            capacity_bytes: DEFAULT_CAPACITY_BYTES,
            limits: Limits::default(),
            observer: None,
            refusal_observer: None,
            #[cfg(feature = "tls")]
            certificate: None,
        }
    }
}

impl fmt::Debug for InspectorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectorOptions")
            .field("address", &self.address)
            .field("port", &self.port)
            .field("allowed_hosts", &self.allowed_hosts)
            .field("has_token", &self.token.is_some())
            .field("capacity", &self.capacity)
            .field("capacity_bytes", &self.capacity_bytes)
            .field("limits", &self.limits)
            .field("observer", &self.observer.is_some())
            .field("refusal_observer", &self.refusal_observer.is_some())
            .finish_non_exhaustive()
    }
}
