//! [`AnalyticsMiddleware`].

use std::future::{Ready, ready};
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use analytics_core::{Actor, Analytics, IntoDistinctId};
use analytics_http::{InFlight, RequestHandle, RequestHead, RequestOptions, SignedIn};

use crate::body::TrackedBody;
use crate::future::TrackedFuture;

/// Reads each request and makes what holds for its events: see [`RequestOptions`] for what is taken. It is added by
/// `App::wrap`.
///
/// Where it stands among other middleware makes no difference to whose the events are: that is decided by whoever calls
/// [`signed_in`](RequestHandle::signed_in), and holds for the request's own event, too.
///
/// A request that its client gives up is told as cancelled when actix-web notices. By default that is when something
/// cannot be written, since a client may close its half of a connection and still read; with
/// `HttpServer::h1_allow_half_closed(false)` it is when the client closes.
#[derive(Clone, Debug)]
pub struct AnalyticsMiddleware {
    settings: Rc<Settings>,
}

#[derive(Debug)]
struct Settings {
    analytics: Analytics,
    options: RequestOptions,
}

impl AnalyticsMiddleware {
    /// A middleware that takes from each request what [`RequestOptions`] take by default.
    #[must_use]
    pub fn new(analytics: Analytics) -> Self {
        Self::with_options(analytics, RequestOptions::default())
    }

    /// A middleware that takes from each request what `options` say.
    #[must_use]
    pub fn with_options(analytics: Analytics, options: RequestOptions) -> Self {
        Self { settings: Rc::new(Settings { analytics, options }) }
    }
}

impl<S, B> Transform<S, ServiceRequest> for AnalyticsMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<TrackedBody<B>>;
    type Error = actix_web::Error;
    type Transform = AnalyticsMiddlewareService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(AnalyticsMiddlewareService { inner, settings: Rc::clone(&self.settings) }))
    }
}

/// A service whose requests [`AnalyticsMiddleware`] reads.
#[derive(Debug)]
pub struct AnalyticsMiddlewareService<S> {
    inner: S,
    settings: Rc<Settings>,
}

impl<S, B> Service<ServiceRequest> for AnalyticsMiddlewareService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<TrackedBody<B>>;
    type Error = actix_web::Error;
    type Future = TrackedFuture<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let in_flight = begin(&self.settings, &request);
        TrackedFuture::new(self.inner.call(request), in_flight)
    }
}

/// Reads a request that no other middleware has read.
fn begin(settings: &Settings, request: &ServiceRequest) -> Option<InFlight> {
    let earlier = request.extensions().get::<RequestHandle>().cloned();
    if earlier.as_ref().is_some_and(RequestHandle::is_read) {
        return None;
    }
    let headers = |name: &str, visit: &mut dyn FnMut(&[u8])| {
        for value in request.headers().get_all(name) {
            visit(value.as_bytes());
        }
    };
    let route = request.match_pattern();
    let head = RequestHead::new(request.method().as_str(), &headers)
        .with_route(route.as_deref())
        .with_peer(request.peer_addr().map(|address| address.ip()));
    let signed_in = request.extensions().get::<SignedIn>().cloned();
    let in_flight = settings.options.begin(&settings.analytics, &head, None, (signed_in.as_ref(), earlier.as_ref()));
    request.extensions_mut().insert(in_flight.handle().clone());
    Some(in_flight)
}

/// Says who sends a request, for an authentication that may stand outside the middleware or inside it: in the request's
/// extensions, where the middleware and its handle find it.
///
/// ```
/// fn authenticate(request: &actix_web::dev::ServiceRequest) {
///     // … verifies the session's cookie, and then:
///     analytics_actix::signed_in(request, "u1");
/// }
/// ```
pub fn signed_in<'u>(request: &impl HttpMessage, user_id: impl IntoDistinctId<'u>) {
    bind(request, Actor::user(user_id));
}

/// As [`signed_in`], for an actor that is no user: another service that calls, say.
pub fn bind(request: &impl HttpMessage, actor: Actor<'_>) {
    let mut extensions = request.extensions_mut();
    let earlier = extensions.remove::<SignedIn>();
    if let Some(signed_in) = SignedIn::name(extensions.get(), earlier, actor) {
        extensions.insert(signed_in);
    }
}
