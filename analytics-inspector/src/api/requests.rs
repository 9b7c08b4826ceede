//! `GET /api/requests`.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::answer;
use super::page::Page;
use crate::protocol::Reply;
use crate::received::ReceivedRequest;
use crate::shared::Shared;
use crate::workers::Reading;

#[derive(Serialize)]
struct Requests<'a> {
    matching: usize,
    requests: Vec<Shown<'a>>,
}

/// A request, with its body if that is asked for.
#[derive(Serialize)]
struct Shown<'a> {
    number: u64,
    method: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    status: Option<u16>,
    reason: Option<&'a str>,
    fault: Option<&'a str>,
    headers: &'a [(String, String)],
    body_bytes: usize,
    inflated_bytes: usize,
    sent_at: Option<&'a str>,
    api_key: Option<&'a str>,
    events: usize,
    /// Milliseconds since the epoch.
    received_at_ms: u64,
    answered_at_ms: Option<u64>,
    /// As text. Absent if it is not asked for or not remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    bodies: bool,
}

impl<'a> Shown<'a> {
    fn of(request: &'a ReceivedRequest, with_body: bool) -> Self {
        Self {
            number: request.number,
            method: &request.method,
            path: &request.path,
            query: request.query.as_deref(),
            status: request.status,
            reason: request.reason.as_deref(),
            fault: request.fault.as_deref(),
            headers: &request.headers,
            body_bytes: request.body_bytes,
            inflated_bytes: request.inflated_bytes,
            sent_at: request.sent_at.as_deref(),
            api_key: request.api_key.as_deref(),
            events: request.events,
            received_at_ms: milliseconds(request.received_at),
            answered_at_ms: request.answered_at.map(milliseconds),
            body: request.body_text().filter(|_| with_body),
        }
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    Query(page): Query<Page>,
) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        let requests = shared.store.requests();
        let shown = page.of(requests.iter().collect());
        let shown = shown.into_iter().map(|request| Shown::of(request, wanted.bodies)).collect();
        answer::json(&Requests { matching: requests.len(), requests: shown })
    })
    .await
}

pub(super) async fn one(State(shared): State<Arc<Shared>>, Path(number): Path<u64>) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        match shared.store.requests().iter().find(|request| request.number == number) {
            Some(request) => answer::json(&Shown::of(request, true)),
            None => Reply::text(StatusCode::NOT_FOUND, "no such request is remembered\n").into(),
        }
    })
    .await
}
