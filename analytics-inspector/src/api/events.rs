//! `GET /api/events`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::answer;
use super::page::Page;
use crate::filter::{Filter, FilterQuery};
use crate::protocol::Reply;
use crate::received::{EventFilter, ReceivedEvent};
use crate::shared::Shared;
use crate::store::{Store, What};
use crate::workers::Reading;

/// What a browser calls the file.
const FILE: &str = "attachment; filename=\"events.jsonl\"";

/// Which events to show. What is empty does not filter.
#[derive(Serialize)]
struct Events<'a> {
    matching: usize,
    events: Vec<&'a ReceivedEvent>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Format {
    format: FormatName,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FormatName {
    /// One object, with a part of the events.
    #[default]
    Json,
    /// Every event that matches, one a line, as it was received.
    Jsonl,
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(of_events): Query<EventFilter>,
    Query(line): Query<FilterQuery>,
    Query(Format { format }): Query<Format>,
    Query(page): Query<Page>,
) -> Response<Body> {
    let filter: Filter = match line.filter.parse() {
        Ok(filter) => filter,
        Err(error) => return Reply::from(error).into(),
    };
    let of_events = of_events.prepared();
    answer::make(shared, Reading::Search, move |shared| {
        let events = found(&shared.store, &filter);
        let matching: Vec<&ReceivedEvent> =
            events.iter().map(AsRef::as_ref).filter(|event| of_events.wants(event)).collect();
        match format {
            FormatName::Json => answer::json(&Events { matching: matching.len(), events: page.of(matching) }),
            FormatName::Jsonl => lines(&matching),
        }
    })
    .await
}

/// The events that meet a filter, in the order of arrival. What became of an event is known in the feed alone.
fn found(store: &Store, filter: &Filter) -> Vec<Arc<ReceivedEvent>> {
    if filter.is_empty() {
        return store.snapshot();
    }
    let items = store.read_feed(|feed, _, requests| feed.between(0, u64::MAX, usize::MAX, requests));
    let wanted = items.into_iter().rev().filter(|item| filter.wants(item));
    let events = wanted.filter_map(|item| match item.what {
        What::Event { event, .. } => Some(event),
        What::Request(_) => None,
    });
    events.collect()
}

fn lines(events: &[&ReceivedEvent]) -> Response<Body> {
    let mut lines = String::with_capacity(events.iter().map(|event| event.json().len() + 1).sum());
    for event in events {
        lines.push_str(&answer::one_line(event.json()));
        lines.push('\n');
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(FILE)),
    ];
    Reply::text(StatusCode::OK, lines).with_headers(headers).into()
}
