//! `GET /api/page/feed/{seq}`: one entry of the feed, whole.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::row::{Row, milliseconds};
use crate::api::answer;
use crate::protocol::Reply;
use crate::received::ReceivedRequest;
use crate::shared::Shared;
use crate::store::What;
use crate::workers::Reading;

/// More of a body is not shown.
const MAX_BODY_CHARS: usize = 64 * 1024;

#[derive(Serialize)]
struct Shown<'a> {
    row: Row<'a>,
    /// An event, byte for byte as it was received.
    json: Option<&'a str>,
    name: Option<&'a str>,
    actor: Option<&'a str>,
    uuid: Option<&'a str>,
    timestamp: Option<&'a str>,
    /// `null` if it is forgotten.
    request: Option<RequestShown<'a>>,
}

#[derive(Serialize)]
struct RequestShown<'a> {
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
    at: u64,
    /// The beginning of its body, of a request that is an entry of its own.
    body: Option<Cow<'a, str>>,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(seq): Path<u64>) -> Response<Body> {
    answer::make(shared, Reading::Part, move |shared| whole(shared, seq)).await
}

fn whole(shared: &Shared, seq: u64) -> Response<Body> {
    let found = shared.store.read_feed(|feed, _, requests| {
        let item = feed.between(seq.saturating_sub(1), seq.saturating_add(1), 1, requests).pop()?;
        let request = match &item.what {
            What::Event { event, .. } => requests.get(event.request).cloned(),
            What::Request(request) => Some(ReceivedRequest::clone(request)),
        };
        Some((item, request))
    });
    let Some((item, request)) = found else {
        return Reply::text(StatusCode::NOT_FOUND, "no longer remembered\n").into();
    };
    let event = match &item.what {
        What::Event { event, .. } => Some(event),
        What::Request(_) => None,
    };
    answer::json(&Shown {
        row: Row::of(&item),
        json: event.map(|event| event.json()),
        name: event.map(|event| event.event.as_str()),
        actor: event.map(|event| event.distinct_id.as_str()),
        uuid: event.and_then(|event| event.uuid.as_deref()),
        timestamp: event.and_then(|event| event.timestamp.as_deref()),
        request: request.as_ref().map(|request| RequestShown::of(request, event.is_none())),
    })
}

impl<'a> RequestShown<'a> {
    fn of(request: &'a ReceivedRequest, is_with_body: bool) -> Self {
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
            at: milliseconds(request.received_at),
            body: request.body_text().filter(|_| is_with_body).map(beginning),
        }
    }
}

fn beginning(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_BODY_CHARS) {
        Some((end, _)) => Cow::Owned(text.get(..end).unwrap_or_default().to_owned()),
        None => text,
    }
}
