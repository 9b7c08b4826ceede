//! `GET /api/oracle`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::{Deserialize, Serialize};

use super::answer;
use super::page::Page;
use crate::shared::Shared;
use crate::store::OracleRow;
use crate::workers::Reading;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Wanted {
    repeated: bool,
}

#[derive(Serialize)]
struct OracleJson<'a> {
    unique: usize,
    duplicates: u64,
    complete: bool,
    matching: usize,
    rows: Vec<&'a OracleRow>,
}

pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    Query(page): Query<Page>,
) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        let oracle = shared.store.oracle();
        let rows: Vec<_> = oracle.rows.iter().filter(|row| !wanted.repeated || row.requests.len() > 1).collect();
        answer::json(&OracleJson {
            unique: oracle.rows.len(),
            duplicates: oracle.duplicates,
            complete: oracle.is_complete,
            matching: rows.len(),
            rows: page.of(rows),
        })
    })
    .await
}
