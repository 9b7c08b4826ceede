//! Which route a request has, and from where it comes.

use analytics_core::{ContextKey, DynamicEvent};
use analytics_tower::{AnalyticsLayer, ClientIp, HttpRequest, RequestOptions, RequestTracker};
use axum::Router;
use axum::routing::get as route;

use crate::support::{LONG, assert_no_route, get, serve, service};

async fn seen(request: RequestTracker) {
    request.track(DynamicEvent::new("seen"));
}

#[tokio::test]
async fn a_nested_routers_route_is_told_whole_and_a_404_has_none() {
    let (analytics, recorded) = service();
    let inner =
        Router::new().route("/orders/{id}", route(seen)).nest("/deep", Router::new().route("/{x}", route(seen)));
    let router = Router::new().nest("/shops/{shop}", inner).layer(AnalyticsLayer::new(analytics.clone()));
    let address = serve(router.with_state(analytics)).await;
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

#[tokio::test]
async fn a_layer_inside_a_nested_router_sees_its_route_and_two_layers_are_as_one() {
    let (analytics, recorded) = service();
    let layer = AnalyticsLayer::new(analytics.clone());
    let inner = Router::new().route("/orders/{id}", route(seen)).layer(layer.clone());
    let router = Router::new().nest("/shops", inner).layer(layer);
    assert_eq!(get(serve(router.with_state(analytics)).await, "/shops/orders/7", &[]).await.0, 200);
    for name in ["seen", HttpRequest::EVENT.name()] {
        recorded.assert_one(name).with("http_route", "/shops/orders/{id}");
    }
}

#[tokio::test]
async fn around_a_whole_router_there_is_no_route() {
    use tower_layer::Layer as _;

    let (analytics, recorded) = service();
    let router = Router::new().route("/orders/{id}", route(seen)).with_state(analytics.clone());
    let outer = Router::new().fallback_service(AnalyticsLayer::new(analytics).layer(router));
    assert_eq!(get(serve(outer).await, "/orders/7", &[]).await.0, 200);
    assert_no_route(&recorded.assert_one(HttpRequest::EVENT).record());
}

#[tokio::test]
async fn the_clients_address_is_the_connections_or_a_trusted_proxys() {
    for (client_ip, found) in [
        (ClientIp::of_connection(), "127.0.0.1"),
        (ClientIp::behind(["127.0.0.0/8"]).unwrap(), "203.0.113.7"),
        (ClientIp::behind(["10.0.0.0/8"]).unwrap(), "127.0.0.1"),
    ] {
        let (analytics, recorded) = service();
        let options = RequestOptions::new().with_client_ip(client_ip);
        let layer = AnalyticsLayer::with_options(analytics.clone(), options);
        let router = Router::new().route("/", route(seen)).layer(layer).with_state(analytics);
        get(serve(router).await, "/", &[("X-Forwarded-For", "198.51.100.1, 203.0.113.7")]).await;
        recorded.assert_one("seen").with_context(ContextKey::ClientIp, found);
    }
}

#[tokio::test]
async fn no_header_makes_a_route_of_the_path() {
    let (analytics, recorded) = service();
    let router = Router::new().route("/users/{name}", route(seen)).layer(AnalyticsLayer::new(analytics.clone()));
    let address = serve(router.with_state(analytics)).await;
    for (path, status) in [("/users/alice", 200), ("/made_up/by_client", 404)] {
        assert_eq!(get(address, path, &[("Content-Type", "application/grpc")]).await.0, status);
    }
    recorded.wait_for(HttpRequest::EVENT, 2, LONG).await;
    recorded.assert_one("seen").with("http_route", "/users/{name}");
    recorded.assert_one(HttpRequest::EVENT).with("http_status", 200).with("http_route", "/users/{name}");
    assert_no_route(&recorded.assert_one(HttpRequest::EVENT).with("http_status", 404).record());
}

#[tokio::test]
async fn code_that_finds_the_peer_may_panic() {
    let (analytics, recorded) = service();
    let options = RequestOptions::new().with_client_ip(ClientIp::of_connection());
    let layer = AnalyticsLayer::with_peer(analytics.clone(), options, |_| {
        std::panic::resume_unwind(Box::new("no message is printed for it"))
    });
    let router = Router::new().route("/", route(seen)).layer(layer).with_state(analytics);
    assert_eq!(get(serve(router).await, "/", &[]).await.0, 200);
    recorded.assert_one("seen").with_context(ContextKey::ClientIp, None::<&str>);
}
