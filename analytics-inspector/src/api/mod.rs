//! The JSON API, behind the guard.

pub(crate) mod answer;
mod counts;
mod events;
mod faults;
mod guard;
mod oracle;
mod page;
mod problems;
mod request;
mod requests;
mod stream;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::routing::{delete, get, post};
use axum::{Router, middleware};

pub(crate) use self::guard::protect;
pub(crate) use self::request::{RequestJson, milliseconds};
use crate::protocol::Reply;
use crate::shared::Shared;

/// What programs and the page read, below `/api`.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/events", get(events::list))
        .route("/requests", get(requests::list))
        .route("/requests/{number}", get(requests::one))
        .route("/oracle", get(oracle::show))
        .route("/problems", get(problems::list))
        .route("/stream", get(stream::follow))
        .route("/counts", get(counts::show))
        .route("/reset", post(counts::reset))
        .route("/faults", get(faults::list).post(faults::arm).delete(faults::clear))
        .route("/faults/{id}", delete(faults::disarm))
        .route("/health", get(counts::health))
        .fallback(unknown)
}

/// The same routes, for those who may use the API.
pub(crate) fn guarded(routes: Router<Arc<Shared>>, shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    routes.layer(middleware::from_fn_with_state(Arc::clone(shared), guard::guard))
}

async fn unknown() -> Response<Body> {
    Reply::text(StatusCode::NOT_FOUND, "no such path\n").into()
}

fn done() -> Response<Body> {
    Reply::text(StatusCode::NO_CONTENT, "").into()
}
