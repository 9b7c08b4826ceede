//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};

use crate::loss::LossReason;
use crate::protocol::{arrival, body};
use crate::shared::Shared;
use crate::{api, capture, page};

/// What nobody does with the page. A client that has the wrong path may.
const ALL_BUT_GET: MethodFilter = MethodFilter::POST
    .or(MethodFilter::PUT)
    .or(MethodFilter::PATCH)
    .or(MethodFilter::DELETE)
    .or(MethodFilter::OPTIONS)
    .or(MethodFilter::TRACE)
    .or(MethodFilter::CONNECT);

/// The most bytes that are remembered of a body on an unknown path.
const MISPLACED_LIMIT: usize = 20 * 1024 * 1024;

pub(super) fn routes(shared: Arc<Shared>) -> Router {
    capture::routes()
        .merge(api::guarded(page::files(), &shared))
        .route("/", on(ALL_BUT_GET, unknown))
        .fallback(unknown)
        .nest("/api", api::guarded(api::routes().nest("/page", page::api_routes()), &shared))
        .with_state(shared)
}

/// Answers 404, and remembers what was posted to the wrong place.
async fn unknown(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let refusal = (StatusCode::NOT_FOUND, "no such path\n");
    if request.method() == Method::POST {
        let (parts, body) = request.into_parts();
        let body = body::read(body, MISPLACED_LIMIT, &shared.limits, &shared.budget).await;
        let mut received = arrival(&parts);
        received.body_bytes = body.wire_bytes;
        received.inflated_bytes = body.wire_bytes;
        received.body = body.content.ok();
        received.reason = Some("no such path".to_owned());
        received.loss = Some(LossReason::UnknownPath);
        let ticket = shared.store.record_request(received);
        shared.settle(ticket, Some(refusal.0.as_u16()), &[]);
    }
    let mut response = refusal.into_response();
    api::protect(response.headers_mut());
    response
}
