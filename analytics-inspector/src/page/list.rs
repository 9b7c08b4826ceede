//! `GET /api/page/feed`: older entries of the feed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::{Deserialize, Serialize};

use super::filter::Filter;
use super::row::Row;
use crate::api::answer;
use crate::shared::Shared;
use crate::workers::Reading;

const MAX_LIMIT: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    before: u64,
    limit: usize,
}

impl Default for Part {
    fn default() -> Self {
        Self { before: u64::MAX, limit: 200 }
    }
}

#[derive(Serialize)]
struct Rows<'a> {
    /// The newest first.
    rows: Vec<Row<'a>>,
    /// Whether there are older ones.
    more: bool,
}

pub(super) async fn older(
    State(shared): State<Arc<Shared>>,
    Query(filter): Query<Filter>,
    Query(part): Query<Part>,
) -> Response<Body> {
    let filter = filter.prepared();
    let limit = part.limit.min(MAX_LIMIT);
    let reading = if filter.is_empty() { Reading::Part } else { Reading::Search };
    answer::make(shared, reading, move |shared| {
        let looked_at = if filter.is_empty() { limit + 1 } else { usize::MAX };
        let mut items = shared.store.read_feed(|feed, _, requests| feed.between(0, part.before, looked_at, requests));
        items.retain(|item| filter.wants(item));
        let more = items.len() > limit;
        answer::json(&Rows { rows: items.iter().take(limit).map(Row::of).collect(), more })
    })
    .await
}
