//! `GET /api/events`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::Serialize;

use super::answer;
use super::page::Page;
use crate::received::{EventFilter, ReceivedEvent};
use crate::shared::Shared;
use crate::workers::Reading;

/// Which events to show. What is empty does not filter.
#[derive(Serialize)]
struct Events<'a> {
    matching: usize,
    events: Vec<&'a ReceivedEvent>,
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(filter): Query<EventFilter>,
    Query(page): Query<Page>,
) -> Response<Body> {
    let filter = filter.prepared();
    answer::make(shared, Reading::Search, move |shared| {
        let events = shared.store.snapshot();
        let matching = events.iter().map(AsRef::as_ref).filter(|event| filter.wants(event));
        let matching: Vec<&ReceivedEvent> = matching.collect();
        answer::json(&Events { matching: matching.len(), events: page.of(matching) })
    })
    .await
}
