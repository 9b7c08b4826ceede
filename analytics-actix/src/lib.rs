//! The analytics of each request of an actix-web service.
//!
//! [`AnalyticsMiddleware`] reads each request once and makes what holds for its events: the session and the id that the
//! client claims, the route, the trace. Handlers take it as an argument, [`RequestTracker`]. Authentication says who it
//! is, whenever it knows, by [`RequestHandle::signed_in`], or by [`signed_in`] where it may run before the middleware:
//!
//! ```
//! use actix_web::{App, HttpServer, web};
//! use analytics_actix::{AnalyticsMiddleware, RequestTracker};
//! use analytics_core::{Analytics, DynamicEvent};
//!
//! async fn order(request: RequestTracker) -> &'static str {
//!     request.signed_in("u1"); // once the session's cookie has been verified
//!     request.track(DynamicEvent::new("order_placed"));
//!     "ordered"
//! }
//!
//! fn serve(analytics: Analytics) -> std::io::Result<()> {
//!     let server = HttpServer::new(move || {
//!         App::new()
//!             .app_data(web::Data::new(analytics.clone()))
//!             .wrap(AnalyticsMiddleware::new(analytics.clone()))
//!             .route("/orders", web::post().to(order))
//!     });
//! #   return Ok(());
//!     actix_web::rt::System::new().block_on(server.bind(("127.0.0.1", 8080))?.run())
//! }
//! ```
//!
//! An answer that failed may carry the error, as an [`Exception`](analytics_core::Exception) in its extensions: it is
//! tracked with all that is known of the request. That is an answer of a handler's or an extractor's error; one that a
//! middleware returns is made an answer outside, and only its status is told.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod body;
mod log_target;

mod future;

mod middleware;

mod extract;

pub use analytics_http::{
    ClaimHeaders, ClientIp, HttpRequest, InvalidProxy, RequestDuration, RequestField, RequestHandle, RequestOptions,
    RequestOutcome, SignedIn,
};

pub use self::body::TrackedBody;
pub use self::extract::RequestTracker;
pub use self::future::TrackedFuture;
pub use self::middleware::{AnalyticsMiddleware, AnalyticsMiddlewareService, bind, signed_in};
