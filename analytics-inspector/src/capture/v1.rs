//! The paths of v1.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::routing::{MethodRouter, post};

use super::exchange::exchange;
use crate::protocol::cors;
use crate::protocol::v1::{Route, judge};
use crate::shared::Shared;

/// The most bytes a body may have on the wire.
const LIMIT: usize = 10 * 1024 * 1024;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    let mut router = Router::new();
    for (path, route) in
        [("/i/v1/analytics/events", Route { is_ai: false }), ("/i/v1/ai/events", Route { is_ai: true })]
    {
        router = router.route(path, endpoint(route)).route(&format!("{path}/"), endpoint(route));
    }
    router
}

fn endpoint(route: Route) -> MethodRouter<Arc<Shared>> {
    post(move |State(shared): State<Arc<Shared>>, request: Request| async move {
        exchange(shared, LIMIT, request, move |parts: &Parts, body| judge(route, parts, body)).await
    })
    .options(cors::preflight)
}
