//! The extractor.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use analytics_core::{Analytics, Fanout, Tracker};
use analytics_http::RequestHandle;

use crate::log_target::TARGET;

/// The request's handle, as an argument of a handler: it derefs to [`RequestHandle`] and so to
/// [`Tracker`].
///
/// It never fails. Where no [`AnalyticsMiddleware`](crate::AnalyticsMiddleware) has read the request, it is made of the
/// `web::Data<Analytics>` of the app, its events are nobody's until somebody is signed in, and that is logged once.
/// Where the app has none either, its events are dropped as
/// [`Disabled`](analytics_core::DropReason::Disabled), and each such request is logged as an error.
#[derive(Clone, Debug)]
pub struct RequestTracker(RequestHandle);

impl RequestTracker {
    /// The request's tracker, for a spawned task. Its events follow whoever signs in later as well.
    #[must_use]
    pub fn into_owned(self) -> Tracker<'static> {
        self.0.into_owned()
    }

    /// The tracker of `request`, for a middleware or an extractor of the service's own.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        if let Some(handle) = request.extensions().get::<RequestHandle>() {
            return Self(handle.clone());
        }
        let handle = match request.app_data::<Data<Analytics>>() {
            Some(analytics) => RequestHandle::unread(analytics),
            None => without_analytics(),
        };
        let mut extensions = request.extensions_mut();
        handle.take_over(extensions.get());
        extensions.insert(handle.clone());
        Self(handle)
    }
}

#[cold]
fn without_analytics() -> RequestHandle {
    tracing::error!(
        target: TARGET,
        "a handler asks for its request's tracker, and the app has neither `.wrap(AnalyticsMiddleware::new(analytics))` \
         nor `.app_data(web::Data::new(analytics))`: the request's events are dropped"
    );
    RequestHandle::unread(&Analytics::new(Fanout::new()))
}

impl Deref for RequestTracker {
    type Target = RequestHandle;

    fn deref(&self) -> &RequestHandle {
        &self.0
    }
}

impl FromRequest for RequestTracker {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
