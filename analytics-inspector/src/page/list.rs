//! `GET /api/page/feed`: older entries of the feed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::row::Row;
use crate::api::answer;
use crate::filter::{Filter, FilterQuery};
use crate::protocol::Reply;
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
    Query(line): Query<FilterQuery>,
    Query(part): Query<Part>,
) -> Response<Body> {
    let filter = match Filter::while_typing(&line.filter) {
        Ok(filter) => filter,
        Err(error) => return Reply::from(error).into(),
    };
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

/// `GET /api/page/filter`: what of a filter cannot be understood; nothing if all can. It is no refusal, which a browser
/// would report: who types is not done yet.
pub(super) async fn check(Query(line): Query<FilterQuery>) -> Response<Body> {
    let objection = Filter::while_typing(&line.filter).err().map(|error| error.to_string());
    Reply::text(StatusCode::OK, objection.unwrap_or_default()).into()
}
