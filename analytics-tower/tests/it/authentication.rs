//! Wherever authentication stands, the request's events are one actor's.

use analytics_core::{Actor, Analytics, DynamicEvent};
use analytics_testkit::Recorded;
use analytics_tower::{AnalyticsLayer, HttpRequest, RequestHandle, RequestTracker, signed_in};
use axum::extract::{FromRef, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get as route;
use axum::{Extension, Router};

use crate::support::{LONG, get, serve, service};

const CLAIM: &[(&str, &str)] = &[("X-POSTHOG-DISTINCT-ID", "cookie"), ("X-POSTHOG-SESSION-ID", "s1")];

async fn order(request: RequestTracker) -> &'static str {
    request.track(DynamicEvent::new("order_placed"));
    let spawned = request.clone().into_owned();
    tokio::spawn(async move { spawned.track(DynamicEvent::new("mail_sent")) }).await.unwrap();
    "ordered"
}

/// An authentication that knows nothing of the layer.
async fn by_extensions(mut request: Request, next: Next) -> Response {
    signed_in(request.extensions_mut(), "u1");
    next.run(request).await
}

/// One that takes the request's tracker, wherever it stands.
async fn by_tracker(request: RequestTracker, rest: Request, next: Next) -> Response {
    request.signed_in("u1");
    next.run(rest).await
}

fn authenticated(router: Router<Analytics>, analytics: &Analytics, by_their_tracker: bool) -> Router<Analytics> {
    if by_their_tracker {
        router.layer(from_fn_with_state(analytics.clone(), by_tracker))
    } else {
        router.layer(from_fn(by_extensions))
    }
}

/// A service's own extractor.
struct User;

impl<S: Send + Sync> FromRequestParts<S> for User
where
    Analytics: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        RequestTracker::from_request_parts(parts, state).await?.signed_in("u1");
        Ok(Self)
    }
}

async fn with_extractor(_user: User, request: RequestTracker) -> &'static str {
    order(request).await
}

async fn with_late_extractor(request: RequestTracker, _user: User) -> &'static str {
    order(request).await
}

async fn assert_all_are_the_users(router: Router<Analytics>, analytics: Analytics, recorded: &Recorded) {
    let address = serve(router.with_state(analytics)).await;
    assert_eq!(get(address, "/orders", CLAIM).await, (200, "ordered".to_owned()));
    for name in ["order_placed", "mail_sent", HttpRequest::EVENT.name()] {
        recorded.assert_one(name).by(Actor::user("u1")).in_session("s1").with("http_route", "/orders");
    }
}

#[tokio::test]
async fn outside_the_layer() {
    for by_their_tracker in [false, true] {
        let (analytics, recorded) = service();
        let router = Router::new().route("/orders", route(order)).layer(AnalyticsLayer::new(analytics.clone()));
        let router = authenticated(router, &analytics, by_their_tracker);
        assert_all_are_the_users(router, analytics, &recorded).await;
    }
}

#[tokio::test]
async fn inside_the_layer() {
    for by_their_tracker in [false, true] {
        let (analytics, recorded) = service();
        let router = Router::new().route("/orders", route(order));
        let router = authenticated(router, &analytics, by_their_tracker);
        assert_all_are_the_users(router.layer(AnalyticsLayer::new(analytics.clone())), analytics, &recorded).await;
    }
}

#[tokio::test]
async fn in_an_extractor_whatever_the_order_of_arguments() {
    for handler in [route(with_extractor), route(with_late_extractor)] {
        let (analytics, recorded) = service();
        let router = Router::new().route("/orders", handler).layer(AnalyticsLayer::new(analytics.clone()));
        assert_all_are_the_users(router, analytics, &recorded).await;
    }
}

#[tokio::test]
async fn in_a_handler_after_events_were_tracked() {
    async fn sign_in(request: RequestTracker, Extension(handle): Extension<RequestHandle>) -> &'static str {
        request.track(DynamicEvent::new("form_sent"));
        assert!(handle.signed_in("u1"));
        request.track(DynamicEvent::new("signed_in"));
        "in"
    }

    let (analytics, recorded) = service();
    let router = Router::new().route("/", route(sign_in)).layer(AnalyticsLayer::new(analytics.clone()));
    get(serve(router.with_state(analytics)).await, "/", CLAIM).await;
    recorded.assert_one("form_sent").by(Actor::anonymous("cookie"));
    recorded.assert_one("signed_in").by(Actor::user("u1"));
    recorded.assert_one(HttpRequest::EVENT).by(Actor::user("u1"));
}

#[tokio::test]
async fn without_the_layer_a_handler_has_a_tracker_all_the_same() {
    let (analytics, recorded) = service();
    let router = Router::new().route("/orders", route(order)).layer(from_fn(by_extensions)).with_state(analytics);
    let address = serve(router).await;
    assert_eq!(get(address, "/orders", CLAIM).await.0, 200);
    recorded.wait_for("mail_sent", 1, LONG).await;
    recorded.assert_one("order_placed").by(Actor::user("u1")).without("http_route");
    recorded.assert_none(HttpRequest::EVENT);
}

#[tokio::test]
async fn a_tracker_that_was_taken_outside_follows_who_is_signed_in_inside() {
    async fn outside(request: RequestTracker, rest: Request, next: Next) -> Response {
        let response = next.run(rest).await;
        request.track(DynamicEvent::new("answered"));
        response
    }

    let (analytics, recorded) = service();
    let router = Router::new().route("/orders", route(with_extractor)).layer(AnalyticsLayer::new(analytics.clone()));
    let router = router.layer(from_fn_with_state(analytics.clone(), outside));
    get(serve(router.with_state(analytics)).await, "/orders", CLAIM).await;
    recorded.wait_for("answered", 1, LONG).await;
    for name in ["order_placed", "answered", HttpRequest::EVENT.name()] {
        recorded.assert_one(name).by(Actor::user("u1"));
    }
}

#[tokio::test]
async fn of_two_who_are_named_outside_the_first_stays() {
    async fn two(mut request: Request, next: Next) -> Response {
        signed_in(request.extensions_mut(), "u1");
        signed_in(request.extensions_mut(), "u2");
        next.run(request).await
    }

    let (analytics, recorded) = service();
    let layer = AnalyticsLayer::new(analytics.clone());
    let router = Router::new().route("/orders", route(order)).layer(layer).layer(from_fn(two));
    assert_all_are_the_users(router, analytics, &recorded).await;
}
