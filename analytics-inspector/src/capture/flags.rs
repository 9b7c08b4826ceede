//! Feature flags: there are none. That is enough for a full SDK to start.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::routing::post;

use crate::protocol::{Reply, body, cors};
use crate::shared::Shared;

const LIMIT: usize = 2 * 1024 * 1024;

/// The answers of all versions of the routes in one: each SDK finds its own words.
const NO_FLAGS: &str = concat!(
    r#"{"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false,"#,
    r#""requestId":"00000000-0000-0000-0000-000000000000","quotaLimited":[],"config":{},"#,
    r#""supportedCompression":["gzip","gzip-js"],"sessionRecording":false,"siteApps":[],"toolbarParams":{},"#,
    r#""isAuthenticated":false}"#
);

/// Requests here are no capture requests: they are not remembered, not counted, and meet no fault.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    let mut router = Router::new();
    for path in ["/flags", "/flags/", "/decide", "/decide/"] {
        router = router.route(path, post(none).get(none).options(cors::preflight));
    }
    router
}

async fn none(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    drop(body::read(body, LIMIT, &shared.limits, &shared.budget).await);
    Reply::json(StatusCode::OK, NO_FLAGS).with_headers(cors::headers_for(&parts.headers)).into()
}
