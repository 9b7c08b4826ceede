//! `GET /api/events`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::{Deserialize, Serialize};

use super::page::Page;
use crate::shared::Shared;
use crate::store::ReceivedEvent;

/// Which events to show. What is empty does not filter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    name: String,
    actor: String,
    text: String,
}

#[derive(Serialize)]
struct Events<'a> {
    matching: usize,
    events: Vec<&'a ReceivedEvent>,
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(filter): Query<Filter>,
    Query(page): Query<Page>,
) -> Response<Body> {
    let text = filter.text.to_lowercase();
    let events = shared.store.snapshot();
    let matching: Vec<&ReceivedEvent> = events
        .iter()
        .map(AsRef::as_ref)
        .filter(|event| filter.name.is_empty() || event.event == filter.name)
        .filter(|event| filter.actor.is_empty() || event.distinct_id == filter.actor)
        .filter(|event| text.is_empty() || event.json().to_lowercase().contains(&text))
        .collect();
    super::json(&Events { matching: matching.len(), events: page.of(matching) })
}
