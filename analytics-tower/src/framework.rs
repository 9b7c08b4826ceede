//! What a framework tells of a request in its extensions.

use std::net::IpAddr;

use analytics_core::TraceContext;
use http::{Extensions, Uri};

/// The route that was matched: axum's, or a gRPC method, which is its path, where the service serves such.
pub(crate) fn route<'r>(extensions: &'r Extensions, uri: &'r Uri, is_grpc: bool) -> Option<&'r str> {
    let method = Some(uri.path()).filter(|path| is_grpc && is_grpc_method(path));
    method.or_else(|| matched_path(extensions))
}

#[cfg(feature = "axum")]
fn matched_path(extensions: &Extensions) -> Option<&str> {
    extensions.get::<axum::extract::MatchedPath>().map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn matched_path(_extensions: &Extensions) -> Option<&str> {
    None
}

/// Whether a path is `/package.Service/Method`.
fn is_grpc_method(path: &str) -> bool {
    let is_name = |name: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
        !name.is_empty() && name.bytes().all(is_part)
    };
    let mut parts = path.splitn(3, '/');
    let is_method =
        parts.next() == Some("") && [parts.next(), parts.next()].iter().all(|part| part.is_some_and(is_name));
    is_method && path.len() <= 200
}

/// The address from which the connection comes, where the framework has it.
#[cfg(feature = "axum")]
pub(crate) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let info = extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()?;
    Some(info.0.ip())
}

/// The address from which the connection comes, where the framework has it.
#[cfg(not(feature = "axum"))]
pub(crate) fn peer(_extensions: &Extensions) -> Option<IpAddr> {
    None
}

/// The ids of the span in which the service handles the request.
#[cfg(feature = "opentelemetry")]
pub(crate) fn current_span() -> Option<TraceContext> {
    use opentelemetry::trace::TraceContextExt as _;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    let context = tracing::Span::current().context();
    let span = context.span();
    let span = span.span_context();
    let trace_id = analytics_core::TraceId::from_bytes(span.trace_id().to_bytes())?;
    Some(TraceContext::new(trace_id, analytics_core::SpanId::from_bytes(span.span_id().to_bytes())?))
}

/// The ids of the span in which the service handles the request.
#[cfg(not(feature = "opentelemetry"))]
pub(crate) fn current_span() -> Option<TraceContext> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grpc_method_has_a_service_and_a_name_and_nothing_else() {
        for path in ["/grpc.health.v1.Health/Check", "/Greeter/SayHello", "/a_b.C/d_1"] {
            assert!(is_grpc_method(path), "{path}");
        }
        let long = format!("/{}/Check", "a".repeat(200));
        for path in ["", "/", "/Check", "/a/", "//a", "a/b", "/a/b/c", "/a/b c", "/ä/b", "/a/b%20", &long] {
            assert!(!is_grpc_method(path), "{path}");
        }
    }
}
