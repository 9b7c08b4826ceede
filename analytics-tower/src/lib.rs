//! The analytics of each request of a tower service: of axum, of tonic, of any other.
//!
//! [`AnalyticsLayer`] reads each request once and makes what holds for its events: the session and the id that the
//! client claims, the route, the trace. Handlers take it as an argument, the extractor `RequestTracker` (feature
//! `axum`), or from the request's extensions, as [`RequestHandle`]. Authentication says who it is, whenever it knows,
//! by [`RequestHandle::signed_in`], or by [`signed_in`] where it may run before the layer:
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use analytics_core::{Analytics, DynamicEvent};
//! use analytics_tower::{AnalyticsLayer, RequestTracker};
//! use axum::Router;
//! use axum::routing::post;
//!
//! async fn order(request: RequestTracker) {
//!     request.signed_in("u1"); // once the session's cookie has been verified
//!     request.track(DynamicEvent::new("order_placed"));
//! }
//!
//! fn router(analytics: Analytics) -> Router {
//!     let layer = AnalyticsLayer::new(analytics.clone());
//!     Router::new().route("/orders", post(order)).layer(layer).with_state(analytics)
//! }
//! # }
//! ```
//!
//! An answer that failed may carry the error, as an [`Exception`](analytics_core::Exception) in its extensions: it is
//! tracked with all that is known of the request.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod body;
mod framework;
mod settings;

mod future;

mod service;

mod layer;

#[cfg(feature = "axum")]
mod extract;

pub use analytics_http::{
    ClaimHeaders, ClientIp, HttpRequest, InvalidProxy, RequestDuration, RequestField, RequestHandle, RequestOptions,
    RequestOutcome, SignedIn,
};

pub use self::body::TrackedBody;
#[cfg(feature = "axum")]
pub use self::extract::RequestTracker;
pub use self::future::TrackedFuture;
pub use self::layer::AnalyticsLayer;
pub use self::service::{AnalyticsService, bind, signed_in};
