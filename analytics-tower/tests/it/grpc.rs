//! gRPC calls to a served tonic service.

use std::net::SocketAddr;

use analytics_core::{Actor, ContextKey};
use analytics_tower::{AnalyticsLayer, ClientIp, HttpRequest, RequestOptions};
use tokio::net::TcpListener;
use tonic::transport::server::{TcpConnectInfo, TcpIncoming};
use tonic::transport::{Channel, Server};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tower_service::Service as _;

use crate::support::{LONG, assert_no_route, service};

async fn serve(layer: AnalyticsLayer) -> SocketAddr {
    let (reporter, health) = tonic_health::server::health_reporter();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let _reporter = reporter;
        let server = Server::builder().layer(layer).add_service(health);
        server.serve_with_incoming(TcpIncoming::from(listener)).await
    });
    address
}

fn request(service: &str) -> tonic::Request<HealthCheckRequest> {
    let mut request = tonic::Request::new(HealthCheckRequest { service: service.to_owned() });
    request.metadata_mut().insert("x-posthog-distinct-id", "cookie".parse().unwrap());
    request
}

#[tokio::test]
async fn a_calls_status_is_told_from_its_trailers_or_its_headers() {
    let (analytics, recorded) = service();
    let options = RequestOptions::for_grpc().with_client_ip(ClientIp::of_connection());
    let layer = AnalyticsLayer::with_peer(analytics, options, |extensions| {
        Some(extensions.get::<TcpConnectInfo>()?.remote_addr()?.ip())
    });
    let channel = Channel::from_shared(format!("http://{}", serve(layer).await)).unwrap().connect().await.unwrap();
    let mut client = HealthClient::new(channel.clone());
    client.check(request("")).await.unwrap();
    let missing = client.check(request("missing")).await.unwrap_err();
    assert_eq!(missing.code(), tonic::Code::NotFound);
    recorded.wait_for(HttpRequest::EVENT, 2, LONG).await;
    for status in [0, tonic::Code::NotFound as i32] {
        recorded
            .assert_one(HttpRequest::EVENT)
            .by(Actor::anonymous("cookie"))
            .with("grpc_status", status)
            .with("http_status", 200)
            .with("http_route", "/grpc.health.v1.Health/Check")
            .with("outcome", "answered")
            .with_context(ContextKey::ClientIp, "127.0.0.1");
    }
}

#[tokio::test]
async fn a_method_that_nobody_has_is_no_route() {
    let (analytics, recorded) = service();
    let address = serve(AnalyticsLayer::with_options(analytics, RequestOptions::for_grpc())).await;
    let mut channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    let call = http::Request::post(format!("http://{address}/made.up.Service/Method"))
        .header("content-type", "application/grpc")
        .body(tonic::body::Body::empty())
        .unwrap();
    std::future::poll_fn(|context| channel.poll_ready(context)).await.unwrap();
    assert_eq!(channel.call(call).await.unwrap().status(), 200);
    recorded.wait_for(HttpRequest::EVENT, 1, LONG).await;
    assert_no_route(&recorded.assert_one(HttpRequest::EVENT).with("grpc_status", 12).record());
}

#[tokio::test]
async fn a_stream_that_its_client_gives_up_is_cancelled() {
    let (analytics, recorded) = service();
    let address = serve(AnalyticsLayer::with_options(analytics, RequestOptions::for_grpc())).await;
    let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    let mut stream = HealthClient::new(channel).watch(request("")).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().is_some());
    drop(stream);
    recorded.wait_for(HttpRequest::EVENT, 1, LONG).await;
    recorded
        .assert_one(HttpRequest::EVENT)
        .with("outcome", "cancelled")
        .with("http_route", "/grpc.health.v1.Health/Watch");
}
