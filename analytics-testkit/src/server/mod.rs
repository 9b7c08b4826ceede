//! A server that receives what a service really sends.

mod arrivals;
mod asserts;
mod json;
mod replay;
mod report;
mod time;
mod wait;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use analytics_inspector::{Fault, Inspector, InspectorOptions};

use self::arrivals::Arrivals;
use crate::assertion::fail;
use crate::recorded::Recorded;

/// How long a test waits for events unless told otherwise.
const DEFAULT_PATIENCE: Duration = Duration::from_secs(30);

/// A server that receives what a service sends over HTTP, for tests of the whole way. It stops when this is dropped.
///
/// It speaks PostHog's capture protocol on a port of its own, so tests run in parallel, and it runs on a thread of
/// its own, so it serves tests with and without a runtime. Give the service [`url`](Self::url) as its host and
/// [`key`](Self::key) as its key. What arrived is a [`Recorded`]: every assertion works on it.
///
/// ```
/// use analytics_core::{Actor, CopilotEvent};
/// use analytics_testkit::CaptureServer;
/// # use std::io::{Read as _, Write as _};
/// # let send = |url: &str, body: &str| {
/// #     let host = url.trim_start_matches("http://");
/// #     let mut stream = std::net::TcpStream::connect(host).unwrap();
/// #     let length = body.len();
/// #     let head = format!("POST /batch HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}");
/// #     write!(stream, "{head}\r\n\r\n{body}").unwrap();
/// #     stream.read_to_end(&mut Vec::new()).unwrap();
/// # };
///
/// let server = CaptureServer::start();
/// // Here the service tracks; it sends to `server.url()`.
/// # send(&server.url(), r#"{"api_key": "phc_test", "batch": [{"event": "copilot_tool_called", "distinct_id": "u1",
/// #     "uuid": "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3",
/// #     "properties": {"session_id": "s1", "tool_name": "search", "tool_call_id": "c7f3"}}]}"#);
/// server.wait_for(1);
/// server.arrived().assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1")).with("tool_name", "search");
/// server.assert_refused_nothing();
/// ```
pub struct CaptureServer {
    inspector: Arc<Inspector>,
    arrivals: Arc<Arrivals>,
    patience: Duration,
}

impl CaptureServer {
    /// Starts a server on a free port of `127.0.0.1`, which listens once this returns.
    ///
    /// # Panics
    /// If it cannot start: the system has no port, socket or thread to give.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        let arrivals = Arc::new(Arrivals::default());
        let observer = Arc::clone(&arrivals);
        match Inspector::start(InspectorOptions::default().with_observer(move |_| observer.tell())) {
            Ok(inspector) => Self { inspector: Arc::new(inspector), arrivals, patience: DEFAULT_PATIENCE },
            Err(error) => fail(&format!("the capture server cannot start: {error}")),
        }
    }

    /// Waits at most this long for events. Default 30 seconds.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Where to send events: `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        self.inspector.url()
    }

    /// A key to send with them. The server takes any.
    #[must_use]
    pub fn key(&self) -> &'static str {
        "phc_test"
    }

    /// Has the server misbehave from now on, behind the faults that are armed: `Fault::status(503).times(3)`.
    pub fn inject(&self, fault: Fault) {
        self.inspector.inject(fault);
    }

    /// The server behind this: requests letter for letter, repeats, totals, reports of faults.
    #[must_use]
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// What arrived so far, in the order of arrival, as if a [`RecordingSink`](crate::RecordingSink) had been shown
    /// it. What arrives later is not added.
    ///
    /// An event that arrived more than once, by its uuid, is there once, as it is stored. What the backend says about
    /// itself is left out: `$lib`, `$lib_version`, `$geoip_disable`, `$is_server` and `$process_person_profile`. Only
    /// events keep their ids; what was told about persons and groups has new ones.
    ///
    /// The wire does not tell what an actor is, so [`by`](crate::EventAssertion::by) compares ids only. The kind that
    /// a record shows is a guess: a session if the id begins with `anonymous_`, else a service if the event makes no
    /// person, else a user.
    ///
    /// # Panics
    /// If an event has an id or a name that no sink is shown, so that no assertion could see it, or if so much
    /// arrived that the server has forgotten some of it.
    #[must_use]
    #[track_caller]
    pub fn arrived(&self) -> Recorded {
        let events = self.inspector.events();
        if !self.inspector.oracle().is_complete {
            fail(&format!("the server remembers only the last {} events that arrived", events.len()));
        }
        match replay::replay(&events) {
            Ok(recorded) => recorded,
            Err(message) => fail(&message),
        }
    }
}

impl fmt::Debug for CaptureServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureServer").field("url", &self.url()).finish_non_exhaustive()
    }
}
