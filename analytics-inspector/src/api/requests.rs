//! `GET /api/requests`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::answer;
use super::page::Page;
use super::request::RequestJson;
use crate::protocol::Reply;
use crate::shared::Shared;
use crate::workers::Reading;

#[derive(Serialize)]
struct Requests<'a> {
    matching: usize,
    requests: Vec<RequestJson<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    bodies: bool,
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    Query(page): Query<Page>,
) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        let requests = shared.store.requests();
        let shown = page.of(requests.iter().collect()).into_iter().map(|request| {
            let json = RequestJson::of(request);
            if wanted.bodies { json.with_body(request.body_text()) } else { json }
        });
        let shown = shown.collect();
        answer::json(&Requests { matching: requests.len(), requests: shown })
    })
    .await
}

pub(super) async fn one(State(shared): State<Arc<Shared>>, Path(number): Path<u64>) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        match shared.store.requests().iter().find(|request| request.number == number) {
            Some(request) => answer::json(&RequestJson::of(request).with_body(request.body_text())),
            None => Reply::text(StatusCode::NOT_FOUND, "no such request is remembered\n").into(),
        }
    })
    .await
}
