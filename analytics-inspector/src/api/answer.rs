//! Answers made of what is remembered, which may be a lot.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::http::{Response, StatusCode};
use serde::Serialize;

use crate::attached::attach;
use crate::protocol::Reply;
use crate::shared::Shared;
use crate::workers::Reading;

pub(crate) const TOO_MANY_STREAMS: &str = "as many streams are open as there may be\n";

/// Makes an answer apart from the thread that accepts, and counts its bytes as in hand until they were read.
pub(crate) async fn make(
    shared: Arc<Shared>,
    reading: Reading,
    make: impl FnOnce(&Shared) -> Response<Body> + Send + 'static,
) -> Response<Body> {
    let mut held = shared.budget.reserve();
    let workers = shared.workers.clone();
    let response = workers.read(reading, move || make(&shared)).await;
    let bytes = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    match held.take(bytes.unwrap_or(0)) {
        Ok(()) => response.map(|body| attach(body, held)),
        Err(_) => unavailable("as many bytes are in hand as there may be; ask for less, or later\n"),
    }
}

pub(crate) fn json(body: &impl Serialize) -> Response<Body> {
    match serde_json::to_string(body) {
        Ok(body) => Reply::json(StatusCode::OK, body),
        Err(error) => Reply::text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
    .into()
}

/// JSON without line breaks. Inside strings it has none.
pub(super) fn one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}

pub(crate) fn unavailable(text: &'static str) -> Response<Body> {
    Reply::text(StatusCode::SERVICE_UNAVAILABLE, text).into()
}
