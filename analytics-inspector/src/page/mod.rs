//! The page: static files, and what they need beyond the JSON API.
//!
//! The page shows a feed: accepted events, and requests that met a fault or an objection, in one order.
//! [`Feed`] holds it, inside the store. A page reads it by server-sent events from a cursor on; what was
//! too much for one message it reads page by page.

mod assets;
mod counts;
mod journey;
mod list;
mod one;
mod row;
mod stream;
mod update;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::shared::Shared;

/// The page and the files that it loads.
pub(crate) fn files() -> Router<Arc<Shared>> {
    Router::new().route("/", get(assets::index)).route("/page/{name}", get(assets::file))
}

/// What the page reads, below `/api/page`.
pub(crate) fn api_routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/stream", get(stream::open))
        .route("/feed", get(list::older))
        .route("/feed/{seq}", get(one::show))
        .route("/journey", get(journey::show))
        .route("/filter", get(list::check))
}
