//! `GET /api/problems`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::Serialize;

use super::answer;
use super::page::Page;
use crate::shared::Shared;
use crate::store::{Problem, Problems};
use crate::workers::Reading;

#[derive(Serialize)]
struct ProblemsJson {
    matching: usize,
    complete: bool,
    /// The newest first.
    problems: Vec<Problem>,
}

pub(super) async fn list(State(shared): State<Arc<Shared>>, Query(page): Query<Page>) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        let Problems { list, count, is_complete } = shared.store.problems();
        answer::json(&ProblemsJson { matching: count, complete: is_complete, problems: page.of(list) })
    })
    .await
}
