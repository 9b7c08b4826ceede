//! axum's extractor.

use std::convert::Infallible;
use std::ops::Deref;

use analytics_core::{Analytics, Tracker};
use analytics_http::RequestHandle;
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

/// The request's handle, as an argument of a handler: it derefs to [`RequestHandle`] and so to
/// [`Tracker`].
///
/// It never fails. Where no [`AnalyticsLayer`](crate::AnalyticsLayer) has read the request, it is made of the handle in
/// the router's state, its events are nobody's until somebody is signed in, and that is logged once. A router whose
/// state has no handle takes `Extension<RequestHandle>`, which fails without the layer.
#[derive(Clone, Debug)]
pub struct RequestTracker(RequestHandle);

impl RequestTracker {
    /// The request's tracker, for a spawned task. Its events follow whoever signs in later as well.
    #[must_use]
    pub fn into_owned(self) -> Tracker<'static> {
        self.0.into_owned()
    }
}

impl Deref for RequestTracker {
    type Target = RequestHandle;

    fn deref(&self) -> &RequestHandle {
        &self.0
    }
}

impl<S> FromRequestParts<S> for RequestTracker
where
    S: Send + Sync,
    Analytics: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        if let Some(handle) = parts.extensions.get::<RequestHandle>() {
            return Ok(Self(handle.clone()));
        }
        let handle = RequestHandle::unread(&Analytics::from_ref(state));
        handle.take_over(parts.extensions.get());
        parts.extensions.insert(handle.clone());
        Ok(Self(handle))
    }
}
