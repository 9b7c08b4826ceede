//! What can be taken from a request.

/// The key of the route that was matched.
pub(crate) const ROUTE: &str = "http_route";

/// Something that is taken from a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestField {
    /// The property `request_id`, from the header `X-Request-Id`.
    RequestId,
    /// The property `http_method`.
    Method,
    /// The property `http_route`: the route that was matched, as `/orders/{id}`. Where none was there is no property;
    /// the path itself is never taken.
    Route,
    /// The client's program, from `User-Agent`.
    UserAgent,
    /// The trace and the caller's span, from `traceparent`.
    Trace,
    /// Whose request it is and in which session, as the client [claims](crate::ClaimHeaders).
    Claims,
}

analytics_rules::keywords! {
    RequestField {
        RequestId = "request_id",
        Method = "method",
        Route = "route",
        UserAgent = "user_agent",
        Trace = "trace",
        Claims = "claims",
    }
}

impl RequestField {
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Up to where a request's duration is measured, and with it when its event is tracked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestDuration {
    /// To the headers of the answer.
    #[default]
    ToHeaders,
    /// To the end of the answer's body.
    ToEnd,
}

analytics_rules::keywords! { RequestDuration { ToHeaders = "to_headers", ToEnd = "to_end" } }
