//! How a request ends.

use std::net::SocketAddr;
use std::sync::Arc;

use analytics_tower::{AnalyticsLayer, HttpRequest, RequestDuration, RequestOptions};
use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::routing::get as route;
use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::support::{LONG, get, serve, service};

/// Sends a request, reads until `until` has come, and hangs up.
async fn give_up(address: SocketAddr, path: &str, until: &str) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(format!("GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n").as_bytes()).await.unwrap();
    let (mut read, mut buffer) = (String::new(), [0; 1_024]);
    while !read.contains(until) {
        let count = socket.read(&mut buffer).await.unwrap();
        assert!(count > 0, "{read:?}");
        read.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
}

#[tokio::test]
async fn a_request_that_its_client_gives_up_is_cancelled() {
    let (analytics, recorded) = service();
    let arrived = Arc::new(Notify::new());
    let notify = Arc::clone(&arrived);
    let handler = move || {
        notify.notify_one();
        std::future::pending::<()>()
    };
    let router = Router::new().route("/", route(handler)).layer(AnalyticsLayer::new(analytics));
    let address = serve(router).await;
    let client = tokio::spawn(async move { give_up(address, "/", "never").await });
    arrived.notified().await;
    client.abort();
    recorded.wait_for(HttpRequest::EVENT, 1, LONG).await;
    recorded
        .assert_one(HttpRequest::EVENT)
        .with("outcome", "cancelled")
        .with("http_status", None::<u16>)
        .with("http_route", "/");
}

#[tokio::test]
async fn a_panic_that_nobody_catches_is_one() {
    async fn handler() {
        // Without the message that a test would print.
        std::panic::resume_unwind(Box::new("went off"));
    }

    let (analytics, recorded) = service();
    let router = Router::new().route("/", route(handler)).layer(AnalyticsLayer::new(analytics));
    let address = serve(router).await;
    let answer = reqwest::Client::new().get(format!("http://{address}/")).send().await;
    assert!(answer.is_err(), "the connection breaks");
    recorded.wait_for(HttpRequest::EVENT, 1, LONG).await;
    recorded.assert_one(HttpRequest::EVENT).with("outcome", "panicked");
}

/// Chunks that come one by one; the last is an error, or never comes.
fn stream(chunks: usize, end: Option<Result<(), &'static str>>) -> Body {
    let items = (0..chunks).map(|_| Ok(Bytes::from_static(b"chunk\n"))).collect::<Vec<_>>();
    let last = match end {
        Some(Ok(())) => Vec::new(),
        Some(Err(error)) => vec![Err(std::io::Error::other(error))],
        None => {
            return Body::from_stream(futures_util::stream::StreamExt::chain(
                futures_util::stream::iter(items),
                futures_util::stream::pending(),
            ));
        }
    };
    Body::from_stream(futures_util::stream::iter(items.into_iter().chain(last)))
}

#[tokio::test]
async fn to_the_bodys_end_where_that_is_set() {
    let (analytics, recorded) = service();
    let options = RequestOptions::new().with_duration(RequestDuration::ToEnd);
    let router = Router::new()
        .route("/whole", route(|| async { "a known size" }))
        .route("/empty", route(|| async {}))
        .route("/stream", route(|| async { stream(3, Some(Ok(()))) }))
        .route("/broken", route(|| async { stream(1, Some(Err("broke off"))) }))
        .route("/endless", route(|| async { stream(1, None) }))
        .route("/file", route(|| async { ([("content-length", "12")], stream(2, None)) }))
        .route("/unchanged", route(|| async { (axum::http::StatusCode::NOT_MODIFIED, "nobody reads it") }))
        .layer(AnalyticsLayer::with_options(analytics, options));
    let address = serve(router).await;
    for path in ["/whole", "/empty", "/stream", "/file", "/unchanged"] {
        get(address, path, &[]).await;
    }
    let head = reqwest::Client::new().head(format!("http://{address}/whole")).send().await.unwrap();
    assert_eq!(head.status(), 200);
    // Whether the headers arrive before the connection breaks is nobody's business here.
    let broken = reqwest::Client::new().get(format!("http://{address}/broken")).send().await;
    if let Ok(answer) = broken {
        assert!(answer.text().await.is_err());
    }
    give_up(address, "/endless", "chunk").await;
    recorded.wait_for(HttpRequest::EVENT, 8, LONG).await;
    recorded.assert_one(HttpRequest::EVENT).with("http_route", "/unchanged").with("outcome", "answered");
    for (path, method, outcome) in [
        ("/file", "GET", "answered"),
        ("/whole", "GET", "answered"),
        ("/whole", "HEAD", "answered"),
        ("/empty", "GET", "answered"),
        ("/stream", "GET", "answered"),
        ("/broken", "GET", "failed"),
        ("/endless", "GET", "cancelled"),
    ] {
        let one = recorded.assert_one(HttpRequest::EVENT).with("http_route", path).with("http_method", method);
        one.with("outcome", outcome).with("http_status", 200);
    }
}

#[tokio::test]
async fn a_service_that_fails_instead_of_answering_is_told() {
    use tower_layer::Layer as _;

    let (analytics, recorded) = service();
    let layer = AnalyticsLayer::new(analytics);
    let mut failing = layer.layer(Failing);
    let call = tower_service_call(&mut failing);
    assert!(call.await.is_err());
    recorded.assert_one(HttpRequest::EVENT).with("outcome", "failed");
}

#[derive(Clone)]
struct Failing;

impl tower_service::Service<http::Request<()>> for Failing {
    type Response = http::Response<String>;
    type Error = &'static str;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: http::Request<()>) -> Self::Future {
        std::future::ready(Err("failed"))
    }
}

fn tower_service_call<S: tower_service::Service<http::Request<()>>>(service: &mut S) -> S::Future {
    service.call(http::Request::new(()))
}

#[test]
fn a_layer_that_answers_in_the_services_place_has_a_body() {
    let body = analytics_tower::TrackedBody::<Body>::default();
    assert!(http_body_util::BodyExt::boxed_unsync(body).is_end_stream());
}
