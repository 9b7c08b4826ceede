//! `GET /api/counts`, `POST /api/reset` and `GET /api/health`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use super::answer;
use crate::protocol::Reply;
use crate::shared::Shared;
use crate::workers::Reading;

pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Response<Body> {
    answer::make(shared, Reading::Part, |shared| answer::json(&shared.store.totals())).await
}

pub(super) async fn reset(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.store.reset();
    super::done()
}

pub(super) async fn health() -> Response<Body> {
    Reply::json(StatusCode::OK, r#"{"status":"ok"}"#).into()
}
