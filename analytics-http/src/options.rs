//! What is taken from a request.

use std::borrow::Cow;

use analytics_core::{Actor, Analytics, LateActor, ScopeBuilder, TraceContext};

use crate::claims::ClaimHeaders;
use crate::client_ip::ClientIp;
use crate::field::{ROUTE, RequestDuration, RequestField};
use crate::handle::{RequestHandle, SignedIn};
use crate::head::RequestHead;
use crate::in_flight::{InFlight, InFlightSettings};
use crate::log_target::TARGET;

/// The longest request id that is taken, in bytes.
const MAX_TEXT_BYTES: usize = 200;
/// The methods of RFC 9110 and `PATCH`.
const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

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
    grpc_routes: bool,
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
            grpc_routes: false,
        }
    }
}

impl RequestOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The defaults of a service that serves gRPC: a call's route is its path, `/package.Service/Method`. Of another
    /// service a client could make a route of any path.
    #[must_use]
    pub fn for_grpc() -> Self {
        Self { grpc_routes: true, ..Self::default() }
    }

    /// Whether a gRPC call's route is its path.
    #[must_use]
    pub fn has_grpc_routes(&self) -> bool {
        self.grpc_routes
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
    /// `earlier` is what stands in the request's extensions already: by whom it was signed in, and the handle that was
    /// made before anybody had [read](RequestHandle::unread) it, whose actor this is from now on.
    #[must_use]
    pub fn begin(
        &self,
        analytics: &Analytics,
        head: &RequestHead<'_>,
        span: Option<TraceContext>,
        earlier: (Option<&SignedIn>, Option<&RequestHandle>),
    ) -> InFlight {
        if self.client_ip.is_some() && head.peer().is_none() {
            tell_no_peer(analytics);
        }
        let is_grpc = head.is_grpc();
        if is_grpc && head.route().is_none() && self.takes(RequestField::Route) && !self.grpc_routes {
            tell_no_route(analytics);
        }
        let (signed_in, unread) = earlier;
        let actor = unread.map_or_else(|| LateActor::new(Actor::nobody()), |unread| unread.late_actor().clone());
        if self.takes(RequestField::Claims) {
            self.claims.distinct_id(head, |id| actor.claim(id));
        }
        let handle = RequestHandle::new(&analytics.scoped(|scope| self.read(head, span, scope)), actor);
        handle.take_over(signed_in);
        let settings = InFlightSettings {
            is_tracked: self.is_tracked(head),
            duration: self.duration,
            is_grpc,
            is_head: head.method() == "HEAD",
        };
        InFlight::new(handle, settings)
    }

    fn read(&self, head: &RequestHead<'_>, span: Option<TraceContext>, scope: &mut ScopeBuilder<'_>) {
        if self.takes(RequestField::RequestId) {
            head.only(&self.request_id, |id| text(id).map(|id| _ = scope.property("request_id", id)));
        }
        if self.takes(RequestField::Method) {
            // Anything else is a word of the client's.
            let is_known = METHODS.contains(&head.method());
            scope.property("http_method", if is_known { head.method() } else { "_OTHER" });
        }
        if self.takes(RequestField::Route)
            && let Some(route) = head.route()
        {
            scope.property(ROUTE, route);
        }
        if self.takes(RequestField::UserAgent) {
            head.only("user-agent", |agent| (!agent.is_empty()).then(|| _ = scope.user_agent(agent)));
        }
        if self.takes(RequestField::Trace) {
            let caller = || head.only("traceparent", |parent| parent.trim().parse().ok());
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

#[cold]
fn tell_no_peer(analytics: &Analytics) {
    if analytics.is_first("http: no peer") {
        tracing::warn!(
            target: TARGET,
            "the client's address is to be taken, and nobody says from where the connection comes: axum does where it \
             serves `into_make_service_with_connect_info::<SocketAddr>()`, other frameworks by \
             `AnalyticsLayer::with_peer`; not told again"
        );
    }
}

#[cold]
fn tell_no_route(analytics: &Analytics) {
    if analytics.is_first("http: no grpc route") {
        tracing::info!(
            target: TARGET,
            "a gRPC call has no route: a service that serves gRPC says so, by `RequestOptions::for_grpc()`; not told again"
        );
    }
}
