//! `GET /api/page/feed/{seq}`: one entry of the feed, whole.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::row::Row;
use crate::api::{RequestJson, answer};
use crate::protocol::Reply;
use crate::received::ReceivedRequest;
use crate::shared::Shared;
use crate::store::What;
use crate::workers::Reading;

/// More of a body is not shown.
const MAX_BODY_CHARS: usize = 64 * 1024;

#[derive(Serialize)]
struct EntryJson<'a> {
    row: Row<'a>,
    /// An event, byte for byte as it was received.
    json: Option<&'a str>,
    name: Option<&'a str>,
    actor: Option<&'a str>,
    uuid: Option<&'a str>,
    timestamp: Option<&'a str>,
    /// With the beginning of its body, if it is an entry of its own; `null` if it is forgotten.
    request: Option<RequestJson<'a>>,
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
    answer::json(&EntryJson {
        row: Row::of(&item),
        json: event.map(|event| event.json()),
        name: event.map(|event| event.event.as_str()),
        actor: event.map(|event| event.distinct_id.as_str()),
        uuid: event.and_then(|event| event.uuid.as_deref()),
        timestamp: event.and_then(|event| event.timestamp.as_deref()),
        request: request.as_ref().map(|request| {
            let body = if event.is_none() { request.body_text().map(beginning) } else { None };
            RequestJson::of(request).with_body(body)
        }),
    })
}

fn beginning(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_BODY_CHARS) {
        Some((end, _)) => Cow::Owned(text.get(..end).unwrap_or_default().to_owned()),
        None => text,
    }
}
