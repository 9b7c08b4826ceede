//! What is taken from a request.

use std::borrow::Cow;

use analytics_core::{Actor, Analytics, LateActor, ScopeBuilder, TraceContext};

use crate::claims::ClaimHeaders;
use crate::client_ip::ClientIp;
use crate::field::{ROUTE, RequestDuration, RequestField};
use crate::handle::RequestHandle;
use crate::head::RequestHead;
use crate::in_flight::{InFlight, InFlightSettings};

/// The longest request id or method that is taken, in bytes.
const MAX_TEXT_BYTES: usize = 200;

/// What is taken from a request, and whether the request itself is an event.
///
/// By default all of [`RequestField`] is taken, the client's address is not, and each request is tracked as
/// [`HttpRequest`](crate::HttpRequest) once its answer's headers are there. `baggage` is not read. Whether an event is
/// in a [`Sample`](analytics_core::Sample) depends on its actor, not on whether its trace is sampled.
#[derive(Clone, Debug)]
pub struct RequestOptions {
    left_out: u8,
    request_id: Cow<'static, str>,
    claims: ClaimHeaders,
    client_ip: Option<ClientIp>,
    duration: RequestDuration,
    is_tracked: bool,
    /// The routes whose requests are no events.
    untracked_routes: Vec<Cow<'static, str>>,
}

impl Default for RequestOptions {
    fn default() -> Self {
        Self {
            left_out: 0,
            request_id: Cow::Borrowed("x-request-id"),
            claims: ClaimHeaders::default(),
            client_ip: None,
            duration: RequestDuration::default(),
            is_tracked: true,
            untracked_routes: Vec::new(),
        }
    }
}

impl RequestOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does not take this.
    #[must_use]
    pub fn without(mut self, field: RequestField) -> Self {
        self.left_out |= field.bit();
        self
    }

    /// Takes the client's address.
    #[must_use]
    pub fn with_client_ip(mut self, client_ip: ClientIp) -> Self {
        self.client_ip = Some(client_ip);
        self
    }

    /// Takes what the client claims from these headers.
    #[must_use]
    pub fn with_claim_headers(mut self, headers: ClaimHeaders) -> Self {
        self.claims = headers;
        self
    }

    /// Takes the request's id from this header, in place of `X-Request-Id`.
    #[must_use]
    pub fn with_request_id_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.request_id = name.into().to_ascii_lowercase().into();
        self
    }

    /// Measures a request's duration up to there.
    #[must_use]
    pub fn with_duration(mut self, duration: RequestDuration) -> Self {
        self.duration = duration;
        self
    }

    /// Tracks no event of the request itself.
    #[must_use]
    pub fn without_request_event(mut self) -> Self {
        self.is_tracked = false;
        self
    }

    /// Tracks no event of requests by these routes, as they are written: of a health check, say. What their handlers
    /// track is tracked.
    #[must_use]
    pub fn without_request_events_of<R: Into<Cow<'static, str>>>(
        mut self,
        routes: impl IntoIterator<Item = R>,
    ) -> Self {
        self.untracked_routes.extend(routes.into_iter().map(Into::into));
        self
    }

    fn is_tracked(&self, head: &RequestHead<'_>) -> bool {
        self.is_tracked && !head.route().is_some_and(|route| self.untracked_routes.iter().any(|other| other == route))
    }

    fn takes(&self, field: RequestField) -> bool {
        self.left_out & field.bit() == 0
    }

    /// Begins a request: makes its scope, once, and its actor, who is whom the client claims to be or nobody.
    ///
    /// `span` is the span in which the service handles the request, where it is known; it wins over `traceparent`.
    #[must_use]
    pub fn begin(&self, analytics: &Analytics, head: &RequestHead<'_>, span: Option<TraceContext>) -> InFlight {
        let analytics = analytics.scoped(|scope| self.read(head, span, scope));
        let claimed = self.takes(RequestField::Claims);
        let claim = claimed.then(|| self.claims.distinct_id(head, |id| LateActor::new(Actor::claimed(id)))).flatten();
        let actor = claim.unwrap_or_else(|| LateActor::new(Actor::nobody()));
        let settings = InFlightSettings {
            is_tracked: self.is_tracked(head),
            duration: self.duration,
            is_grpc: head.is_grpc(),
            is_head: head.method() == "HEAD",
        };
        InFlight::new(RequestHandle::new(&analytics, actor), settings)
    }

    fn read(&self, head: &RequestHead<'_>, span: Option<TraceContext>, scope: &mut ScopeBuilder<'_>) {
        if self.takes(RequestField::RequestId) {
            head.first(&self.request_id, |id| text(id).map(|id| _ = scope.property("request_id", id)));
        }
        if self.takes(RequestField::Method)
            && let Some(method) = text(head.method())
        {
            scope.property("http_method", method);
        }
        if self.takes(RequestField::Route)
            && let Some(route) = head.route()
        {
            scope.property(ROUTE, route);
        }
        if self.takes(RequestField::UserAgent) {
            head.first("user-agent", |agent| (!agent.is_empty()).then(|| _ = scope.user_agent(agent)));
        }
        if self.takes(RequestField::Trace) {
            let caller = || head.first("traceparent", |parent| parent.trim().parse().ok());
            if let Some(trace) = span.or_else(caller) {
                scope.trace(trace);
            }
        }
        if self.takes(RequestField::Claims) {
            self.claims.session_id(head, |id| _ = scope.session(id));
            self.claims.window_id(head, |id| _ = scope.window(id));
        }
        if let Some(ip) = self.client_ip.as_ref().and_then(|client_ip| client_ip.find(head)) {
            scope.client_ip(ip);
        }
    }
}

/// A text that a client sends, if it is one that can be an id.
fn text(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_taken = !text.is_empty() && text.len() <= MAX_TEXT_BYTES && !text.chars().any(char::is_control);
    is_taken.then_some(text)
}
