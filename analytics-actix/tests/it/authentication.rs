//! Wherever authentication stands, the request's events are one actor's.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, FromRequest, HttpRequest, HttpServer};
use analytics_actix::{AnalyticsMiddleware, RequestTracker, signed_in};
use analytics_core::{Actor, ActorKind, DynamicEvent};
use analytics_testkit::Recorded;

use crate::support::{LONG, get, serve, service, start};

const CLAIM: &[(&str, &str)] = &[("X-POSTHOG-DISTINCT-ID", "cookie"), ("X-POSTHOG-SESSION-ID", "s1")];

async fn order(request: RequestTracker) -> &'static str {
    request.track(DynamicEvent::new("order_placed"));
    let spawned = request.clone().into_owned();
    actix_web::rt::spawn(async move { spawned.track(DynamicEvent::new("mail_sent")) }).await.unwrap();
    "ordered"
}

/// An authentication that knows nothing of the other middleware.
async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    signed_in(&request, "u1");
    next.call(request).await
}

/// A service's own extractor.
struct User;

impl FromRequest for User {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        RequestTracker::of(request).signed_in("u1");
        ready(Ok(Self))
    }
}

async fn with_extractor(request: RequestTracker, _user: User) -> &'static str {
    order(request).await
}

fn assert_all_are_the_users(recorded: &Recorded) {
    for name in ["order_placed", "mail_sent", "http_request"] {
        recorded.assert_one(name).by(Actor::user("u1")).in_session("s1").with("http_route", "/orders");
    }
}

#[actix_web::test]
async fn outside_the_middleware_and_inside_it() {
    for is_outside in [true, false] {
        let (analytics, recorded) = service();
        let address = if is_outside {
            start!(HttpServer::new(move || {
                let app = App::new().wrap(AnalyticsMiddleware::new(analytics.clone())).wrap(from_fn(authenticate));
                app.route("/orders", web::get().to(order))
            }))
        } else {
            start!(HttpServer::new(move || {
                let app = App::new().wrap(from_fn(authenticate)).wrap(AnalyticsMiddleware::new(analytics.clone()));
                app.route("/orders", web::get().to(order))
            }))
        };
        assert_eq!(get(address, "/orders", CLAIM).await, (200, "ordered".to_owned()));
        assert_all_are_the_users(&recorded);
    }
}

#[actix_web::test]
async fn in_an_extractor() {
    let (analytics, recorded) = service();
    let address = serve(&analytics, analytics_actix::RequestOptions::new(), |app| {
        app.route("/orders", web::get().to(with_extractor));
    });
    get(address, "/orders", CLAIM).await;
    assert_all_are_the_users(&recorded);
}

#[actix_web::test]
async fn a_claim_counts_until_then() {
    let (analytics, recorded) = service();
    let address = serve(&analytics, analytics_actix::RequestOptions::new(), |app| {
        app.route("/orders", web::get().to(order));
    });
    get(address, "/orders", CLAIM).await;
    recorded.assert_one("order_placed").by(Actor::anonymous("cookie"));
}

#[actix_web::test]
async fn without_the_middleware_a_handler_has_a_tracker_all_the_same() {
    let (analytics, recorded) = service();
    let address = start!(HttpServer::new(move || {
        let app = App::new().app_data(Data::new(analytics.clone()));
        app.route("/orders", web::get().to(order))
    }));
    assert_eq!(get(address, "/orders", CLAIM).await.0, 200);
    recorded.wait_for("mail_sent", 1, LONG).await;
    assert_eq!(recorded.assert_one("order_placed").record().actor().kind(), ActorKind::Nobody);
    recorded.assert_none("http_request");

    let bare = start!(HttpServer::new(|| App::new().route("/orders", web::get().to(order))));
    assert_eq!(get(bare, "/orders", CLAIM).await, (200, "ordered".to_owned()));
}
