//! [`AnalyticsService`].

use std::sync::Arc;
use std::task::{Context, Poll};

use analytics_core::unwind::catch_panic;
use analytics_core::{Actor, IntoDistinctId};
use analytics_http::{InFlight, RequestHandle, RequestHead, SignedIn};
use http::{Extensions, Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::framework;
use crate::future::TrackedFuture;
use crate::settings::Settings;

/// A service whose requests [`AnalyticsLayer`](crate::AnalyticsLayer) reads.
#[derive(Clone, Debug)]
pub struct AnalyticsService<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S> AnalyticsService<S> {
    pub(crate) fn new(inner: S, settings: Arc<Settings>) -> Self {
        Self { inner, settings }
    }
}

impl<S, A, B> Service<Request<A>> for AnalyticsService<S>
where
    S: Service<Request<A>, Response = Response<B>>,
    B: Body,
{
    type Response = Response<crate::body::TrackedBody<B>>;
    type Error = S::Error;
    type Future = TrackedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<A>) -> Self::Future {
        let in_flight = begin(&self.settings, &mut request);
        TrackedFuture::new(self.inner.call(request), in_flight)
    }
}

/// Reads a request that no other layer has read.
fn begin<A>(settings: &Settings, request: &mut Request<A>) -> Option<InFlight> {
    let earlier = request.extensions().get::<RequestHandle>();
    if earlier.is_some_and(RequestHandle::is_read) {
        return None;
    }
    let headers = |name: &str, visit: &mut dyn FnMut(&[u8])| {
        for value in request.headers().get_all(name) {
            visit(value.as_bytes());
        }
    };
    let extensions = request.extensions();
    // The host's code: what it panics with is no reason to break the request off.
    let peer = catch_panic(|| (settings.peer)(extensions)).flatten();
    let head = RequestHead::new(request.method().as_str(), &headers).with_peer(peer);
    let is_grpc = settings.options.has_grpc_routes() && head.is_grpc();
    let head = head.with_route(framework::route(extensions, request.uri(), is_grpc));
    let earlier = (extensions.get(), earlier);
    let in_flight = settings.options.begin(&settings.analytics, &head, framework::current_span(), earlier);
    let handle = in_flight.handle().clone();
    request.extensions_mut().insert(handle);
    Some(in_flight)
}

/// Says who sends a request, for an authentication that may stand outside the layer or inside it: in the request's
/// extensions, where the layer and its handle find it.
///
/// ```
/// fn authenticate<B>(mut request: http::Request<B>) -> http::Request<B> {
///     // … verifies the session's cookie, and then:
///     analytics_tower::signed_in(request.extensions_mut(), "u1");
///     request
/// }
/// ```
pub fn signed_in<'u>(extensions: &mut Extensions, user_id: impl IntoDistinctId<'u>) {
    bind(extensions, Actor::user(user_id));
}

/// As [`signed_in`], for an actor that is no user: another service that calls, say.
pub fn bind(extensions: &mut Extensions, actor: Actor<'_>) {
    let earlier = extensions.remove::<SignedIn>();
    if let Some(signed_in) = SignedIn::name(extensions.get(), earlier, actor) {
        extensions.insert(signed_in);
    }
}
