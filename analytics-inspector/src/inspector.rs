//! The handle that tests hold.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::mem;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::access::Access;
use crate::faults::{Fault, FaultReport};
use crate::options::InspectorOptions;
use crate::received::{ReceivedEvent, ReceivedRequest};
use crate::server::{self, Server};
use crate::shared::Shared;
use crate::store::{Oracle, Problems, Totals};
#[cfg(feature = "tls")]
use crate::tls::Identity;

/// How long arming a fault may wait for the listener.
const FOLLOW_WITHIN: Duration = Duration::from_secs(5);

/// How often it is looked whether a server is idle, which nothing tells.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A running capture server. It stops when this is dropped.
///
/// The drop waits until the port is closed, but never longer than a second.
pub struct Inspector {
    shared: Arc<Shared>,
    server: Server,
}

impl Inspector {
    /// Starts a server, on `127.0.0.1` unless told otherwise, and returns once it is listening.
    ///
    /// Needs no runtime and may be called from inside one.
    ///
    /// # Errors
    ///
    /// The port is taken (the text names it), the [token](InspectorOptions::with_token) cannot be one, or the system
    /// has no socket, thread, random bytes or key to give.
    pub fn start(mut options: InspectorOptions) -> io::Result<Self> {
        #[cfg(feature = "tls")]
        let identity = options.certificate.map(Identity::new).transpose()?;
        #[cfg(feature = "tls")]
        let is_secure = identity.is_some();
        #[cfg(not(feature = "tls"))]
        let is_secure = false;
        let is_exposed = !options.address.to_canonical().is_loopback();
        let listener = server::listen(SocketAddr::from((options.address, options.port)))?;
        let port = listener.local_addr()?.port();
        let allowed_hosts = mem::take(&mut options.allowed_hosts);
        let access = Access::new(allowed_hosts, options.token.take(), is_exposed, port, is_secure)?;
        let shared = Shared::new(options, access);
        #[cfg(feature = "tls")]
        let shared = shared.with_identity(identity);
        let shared = Arc::new(shared);
        let server = Server::start(listener, Arc::clone(&shared))?;
        Ok(Self { shared, server })
    }

    /// Where to send events: `http://127.0.0.1:PORT`, without a trailing slash; `https` if it speaks TLS.
    ///
    /// If it listens on all addresses, this is the loopback one.
    #[must_use]
    pub fn url(&self) -> String {
        let mut addr = self.server.addr();
        match addr.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("{}://{addr}", self.scheme())
    }

    #[cfg(feature = "tls")]
    fn scheme(&self) -> &'static str {
        if self.shared.identity.is_some() { "https" } else { "http" }
    }

    #[cfg(not(feature = "tls"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn scheme(&self) -> &'static str {
        "http"
    }

    /// The CA that signed its certificate, in PEM, for a client to trust; `None` if it does not speak TLS.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_ca_pem(&self) -> Option<String> {
        self.shared.identity.as_ref().map(|identity| identity.ca_pem.to_string())
    }

    /// How many connections ended before TLS was agreed on: clients that did not like the certificate, or
    /// did not speak TLS.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn failed_handshakes(&self) -> u64 {
        self.shared.failed_handshakes()
    }

    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// What callers that are not on this machine need for the page and the JSON API: in `Authorization: Bearer TOKEN`,
    /// or in a browser once as `/?token=TOKEN`, which becomes a cookie. `None` if all callers are on this machine,
    /// since it listens on a loopback address. To send events nobody needs it.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.shared.access.token()
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

    /// What PostHog's storage would make of the events it still remembers: what is merged, what is a
    /// repeat, and the order of arrival.
    #[must_use]
    pub fn oracle(&self) -> Oracle {
        self.shared.store.oracle()
    }

    /// What was sent and is not stored, with what to change: events that PostHog would lose after a 200, and those of
    /// refused requests that nothing delivered afterwards. Of a service that sends as it should there are none.
    #[must_use]
    pub fn problems(&self) -> Problems {
        self.shared.store.problems()
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

    /// Blocks until no connection is open and nothing that was received is still taken apart, and says whether that
    /// came in time. Clients that have ended have closed theirs; one that keeps its connections open is waited for.
    #[must_use]
    pub fn wait_until_idle(&self, within: Duration) -> bool {
        let start = Instant::now();
        loop {
            if self.server.has_no_connections() && self.shared.budget.is_unused() {
                return true;
            }
            if start.elapsed() >= within {
                return false;
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Arms a fault behind those already armed.
    ///
    /// Each request on a capture route uses up one occasion of the first armed fault that is for it. If
    /// the fault [refuses connections](Fault::refuse_connections) and its turn has come, they are refused
    /// when this returns.
    pub fn inject(&self, fault: Fault) {
        self.follow(self.shared.faults.arm(fault));
    }

    /// Every fault injected since they were last cleared, in that order, those that are over first: what
    /// each has done so far. Of those that are over, the last 1,000.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultReport> {
        self.shared.faults.reports()
    }

    /// Disarms all faults and forgets their reports. A request that already met one is not released;
    /// refused connections are accepted again when this returns.
    pub fn clear_faults(&self) {
        self.follow(self.shared.faults.clear());
    }

    /// Waits until the port is open or closed as the faults have it.
    fn follow(&self, change: Option<u64>) {
        if let Some(change) = change {
            self.shared.gate.wait_until_seen(change, FOLLOW_WITHIN);
        }
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
