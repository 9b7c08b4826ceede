//! The ids of the span in which a request is handled.

use analytics_core::{ContextKey, DynamicEvent};
use analytics_tower::{AnalyticsLayer, RequestTracker};
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get as route;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{get, serve, service};

/// What `TraceLayer` does.
async fn in_a_span(request: Request, next: Next) -> Response {
    next.run(request).instrument(tracing::info_span!("request")).await
}

async fn seen(request: RequestTracker) {
    request.track(DynamicEvent::new("seen"));
}

#[tokio::test]
async fn the_current_span_wins_over_the_callers() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    let (analytics, recorded) = service();
    let analytics_layer = AnalyticsLayer::new(analytics.clone());
    let router = Router::new().route("/", route(seen)).layer(analytics_layer.clone()).layer(from_fn(in_a_span));
    let parent = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    get(serve(router.with_state(analytics.clone())).await, "/", &parent).await;
    let spans = exporter.get_finished_spans().unwrap();
    let [span] = &spans[..] else { panic!("{spans:?}") };
    recorded
        .assert_one("seen")
        .with_context(ContextKey::TraceId, &*span.span_context.trace_id().to_string())
        .with_context(ContextKey::SpanId, &*span.span_context.span_id().to_string());

    let (analytics, recorded) = service();
    let router = Router::new().route("/", route(seen)).layer(AnalyticsLayer::new(analytics.clone()));
    get(serve(router.with_state(analytics)).await, "/", &parent).await;
    recorded.assert_one("seen").with_context(ContextKey::SpanId, "b7ad6b7169203331");
}
