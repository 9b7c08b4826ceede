//! Errors that answers carry.

use std::any::Any;

use analytics_core::{Actor, Exception};
use analytics_tower::{AnalyticsLayer, HttpRequest, RequestTracker};
use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get as route;
use tower_http::catch_panic::CatchPanicLayer;

use crate::support::{get, serve, service};

/// A service's own error, which becomes an answer.
struct OrderError(std::num::ParseIntError);

impl IntoResponse for OrderError {
    fn into_response(self) -> axum::response::Response {
        let mut response = (StatusCode::INTERNAL_SERVER_ERROR, "sorry").into_response();
        response.extensions_mut().insert(Exception::of(&self.0).unhandled());
        response
    }
}

async fn order(request: RequestTracker) -> Result<String, OrderError> {
    request.signed_in("u1");
    let number: u8 = "seven".parse().map_err(OrderError)?;
    Ok(number.to_string())
}

#[tokio::test]
async fn an_answers_error_is_tracked_with_the_requests_scope() {
    let (analytics, recorded) = service();
    let router = Router::new().route("/orders", route(order)).layer(AnalyticsLayer::new(analytics.clone()));
    let address = serve(router.with_state(analytics)).await;
    assert_eq!(get(address, "/orders", &[("X-Request-Id", "r1")]).await, (500, "sorry".to_owned()));
    let error = recorded.assert_one("exception").by(Actor::user("u1")).with("request_id", "r1").record();
    assert!(error.to_string().contains("ParseIntError"), "{error}");
    recorded.assert_one(HttpRequest::EVENT).with("http_status", 500).with("outcome", "answered");
}

#[tokio::test]
async fn so_is_a_panic_that_is_made_an_answer() {
    /// The recipe: the panic's message is in no answer.
    #[allow(clippy::needless_pass_by_value, reason = "the layer hands it over")]
    fn answer(panic: Box<dyn Any + Send>) -> Response<Body> {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Exception::of_panic(&*panic));
        response
    }

    async fn handler() {
        // Without the message that a test would print.
        std::panic::resume_unwind(Box::new("went off"));
    }

    let (analytics, recorded) = service();
    let router = Router::new()
        .route("/orders", route(handler))
        .layer(CatchPanicLayer::custom(answer))
        .layer(AnalyticsLayer::new(analytics));
    assert_eq!(get(serve(router).await, "/orders", &[]).await, (500, String::new()));
    let panic =
        recorded.assert_one("exception").with("exception_level", "fatal").with("http_route", "/orders").record();
    assert!(panic.to_string().contains("went off"), "{panic}");
    recorded.assert_one(HttpRequest::EVENT).with("http_status", 500).with("outcome", "answered");
}

#[tokio::test]
async fn a_panic_that_is_caught_outside_the_layer_is_told_as_one() {
    async fn handler() {
        std::panic::resume_unwind(Box::new("no message is printed for it"));
    }

    let (analytics, recorded) = service();
    let layer = AnalyticsLayer::new(analytics);
    let router = Router::new().route("/", route(handler)).layer(layer).layer(CatchPanicLayer::new());
    assert_eq!(get(serve(router).await, "/", &[]).await.0, 500);
    recorded.assert_one(HttpRequest::EVENT).with("outcome", "panicked").with("http_route", "/");
}
