//! `GET /api/requests`.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::Serialize;

use super::page::Page;
use crate::shared::Shared;
use crate::store::ReceivedRequest;

#[derive(Serialize)]
struct Requests<'a> {
    matching: usize,
    requests: Vec<Shown<'a>>,
}

/// A request without its body.
#[derive(Serialize)]
struct Shown<'a> {
    number: u64,
    method: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    status: Option<u16>,
    reason: Option<&'a str>,
    headers: &'a [(String, String)],
    body_bytes: usize,
    inflated_bytes: usize,
    sent_at: Option<&'a str>,
    api_key: Option<&'a str>,
    events: usize,
    /// Milliseconds since the epoch.
    received_at_ms: u64,
}

impl<'a> Shown<'a> {
    fn of(request: &'a ReceivedRequest) -> Self {
        let since_epoch = request.received_at.duration_since(UNIX_EPOCH);
        Self {
            number: request.number,
            method: &request.method,
            path: &request.path,
            query: request.query.as_deref(),
            status: request.status,
            reason: request.reason.as_deref(),
            headers: &request.headers,
            body_bytes: request.body_bytes,
            inflated_bytes: request.inflated_bytes,
            sent_at: request.sent_at.as_deref(),
            api_key: request.api_key.as_deref(),
            events: request.events,
            received_at_ms: since_epoch.ok().and_then(|elapsed| u64::try_from(elapsed.as_millis()).ok()).unwrap_or(0),
        }
    }
}

pub(super) async fn list(State(shared): State<Arc<Shared>>, Query(page): Query<Page>) -> Response<Body> {
    let requests = shared.store.requests();
    super::json(&Requests { matching: requests.len(), requests: page.of(requests.iter().map(Shown::of).collect()) })
}
