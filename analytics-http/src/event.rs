//! The event of a request.

use std::time::Duration;

use analytics_core::{Event, PropertyValue};

/// A request was answered, or came to another end. Its method, route and all else that holds for the request's events
/// are the scope's, so that it has them as well.
#[derive(Clone, Copy, Debug, Event)]
#[non_exhaustive]
#[event(name = "http_request")]
pub struct HttpRequest {
    /// How it ended.
    pub outcome: RequestOutcome,
    /// The status of the answer, where there was one.
    pub http_status: Option<u16>,
    /// The status of a gRPC call: 0 is `OK`.
    pub grpc_status: Option<u16>,
    /// From the request's arrival to the answer's headers, or to the end of its body.
    #[event(rename = "duration_ms", unit = "milliseconds")]
    pub duration: Duration,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PropertyValue)]
#[non_exhaustive]
pub enum RequestOutcome {
    /// It was answered, whatever the status.
    Answered,
    /// The client gave it up before it was answered, or before the answer's end where that is waited for.
    Cancelled,
    /// The service failed with an error instead of an answer, or broke the answer's body off.
    Failed,
    /// Code of the service panicked, and nobody made an answer of it.
    Panicked,
}

analytics_rules::words! {
    RequestOutcome { Answered = "answered", Cancelled = "cancelled", Failed = "failed", Panicked = "panicked" }
}
