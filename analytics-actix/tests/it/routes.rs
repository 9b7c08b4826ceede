//! Which route a request has, from where it comes, and the errors of its answer.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError, web};
use analytics_actix::{ClientIp, HttpRequest, RequestOptions, RequestTracker};
use analytics_core::{Actor, ContextKey, DynamicEvent, Exception};

use crate::support::{get, serve, service};

async fn seen(request: RequestTracker) -> &'static str {
    request.track(DynamicEvent::new("seen"));
    "seen"
}

#[actix_web::test]
async fn a_nested_scopes_route_is_told_whole_and_a_404_has_none() {
    let (analytics, recorded) = service();
    let address = serve(&analytics, RequestOptions::new(), |app| {
        let inner = web::scope("/deep").route("/{x}", web::get().to(seen));
        app.service(web::scope("/shops/{shop}").route("/orders/{id}", web::get().to(seen)).service(inner));
    });
    for (path, status, found) in [
        ("/shops/s1/orders/7?secret=1", 200, Some("/shops/{shop}/orders/{id}")),
        ("/shops/s1/deep/8", 200, Some("/shops/{shop}/deep/{x}")),
        ("/nowhere/7", 404, None),
    ] {
        assert_eq!(get(address, path, &[]).await.0, status, "{path}");
        let record = recorded.assert_one(HttpRequest::EVENT).with("http_status", status).with("http_route", found);
        assert!(!record.record().to_string().contains("s1"), "the path is never taken");
    }
}

#[actix_web::test]
async fn the_clients_address_is_the_connections_or_a_trusted_proxys() {
    for (client_ip, found) in
        [(ClientIp::of_connection(), "127.0.0.1"), (ClientIp::behind(["127.0.0.0/8"]).unwrap(), "203.0.113.7")]
    {
        let (analytics, recorded) = service();
        let options = RequestOptions::new().with_client_ip(client_ip);
        let address = serve(&analytics, options, |app| {
            app.route("/", web::get().to(seen));
        });
        get(address, "/", &[("X-Forwarded-For", "203.0.113.7")]).await;
        recorded.assert_one("seen").with_context(ContextKey::ClientIp, found);
    }
}

/// A service's own error, which becomes an answer.
#[derive(Debug)]
struct OrderError(std::num::ParseIntError);

impl std::fmt::Display for OrderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sorry")
    }
}

impl ResponseError for OrderError {
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(Exception::of(&self.0).unhandled());
        response
    }
}

async fn order(request: RequestTracker) -> Result<String, OrderError> {
    request.signed_in("u1");
    let number: u8 = "seven".parse().map_err(OrderError)?;
    Ok(number.to_string())
}

/// An extractor that refuses the request with the same error.
struct Refused;

impl actix_web::FromRequest for Refused {
    type Error = OrderError;
    type Future = std::future::Ready<Result<Self, OrderError>>;

    fn from_request(_request: &actix_web::HttpRequest, _payload: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready("seven".parse::<u8>().map(|_| Self).map_err(OrderError))
    }
}

/// A middleware that refuses every request with it.
async fn refuse(
    request: actix_web::dev::ServiceRequest,
    _next: actix_web::middleware::Next<actix_web::body::BoxBody>,
) -> Result<actix_web::dev::ServiceResponse, actix_web::Error> {
    RequestTracker::of(request.request()).signed_in("u1");
    Err("seven".parse::<u8>().map_err(OrderError).unwrap_err().into())
}

#[actix_web::test]
async fn an_answers_error_is_tracked_with_the_requests_scope() {
    let (analytics, recorded) = service();
    let address = serve(&analytics, RequestOptions::new(), |app| {
        let refused = web::resource("/refused").wrap(actix_web::middleware::from_fn(refuse)).to(seen);
        app.route("/orders", web::get().to(order)).service(refused);
        app.route("/extracted", web::get().to(|_: Refused| async { "extracted" }));
    });
    for path in ["/orders", "/refused", "/extracted"] {
        assert_eq!(get(address, path, &[("X-Request-Id", "r1")]).await.0, 500, "{path}");
        if path != "/refused" {
            let error = recorded.assert_one("exception").with("http_route", path).with("request_id", "r1").record();
            assert!(error.to_string().contains("ParseIntError"), "{error}");
        }
        let request = recorded.assert_one(HttpRequest::EVENT).with("http_route", path).with("http_status", 500);
        if path != "/extracted" {
            request.by(Actor::user("u1"));
        }
    }
    // What a middleware returns is made an answer outside, and told by its status alone.
    assert_eq!(recorded.count("exception"), 2);
}
