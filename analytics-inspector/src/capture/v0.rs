//! The paths of v0 and what differs between them.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::routing::{MethodRouter, post};

use super::exchange::exchange;
use crate::loss::LossReason;
use crate::protocol::cors;
use crate::protocol::refusal::Refusal;
use crate::protocol::v0::{CaptureQuery, Route, judge};
use crate::shared::Shared;

const BATCH_LIMIT: usize = 20 * 1024 * 1024;
const SINGLE_LIMIT: usize = 2 * 1024 * 1024;

const BATCH: Route = Route { limit: BATCH_LIMIT, is_engage: false, is_ai: false };
const SINGLE: Route = Route { limit: SINGLE_LIMIT, is_engage: false, is_ai: false };
const ENGAGE: Route = Route { limit: SINGLE_LIMIT, is_engage: true, is_ai: false };
const AI_BATCH: Route = Route { limit: BATCH_LIMIT, is_engage: false, is_ai: true };

pub(crate) fn routes() -> Router<Arc<Shared>> {
    let mut router = Router::new();
    for (path, route) in [
        ("/batch", BATCH),
        ("/i/v0/e", SINGLE),
        ("/e", SINGLE),
        ("/capture", SINGLE),
        ("/track", SINGLE),
        ("/engage", ENGAGE),
        ("/i/v0/ai/batch", AI_BATCH),
    ] {
        router = router.route(path, endpoint(route)).route(&format!("{path}/"), endpoint(route));
    }
    router
}

fn endpoint(route: Route) -> MethodRouter<Arc<Shared>> {
    let capture = move |State(shared): State<Arc<Shared>>,
                        query: Result<Query<CaptureQuery>, QueryRejection>,
                        request: Request| async move {
        let query = match query {
            Ok(Query(query)) => Ok(query),
            Err(rejection) => Err(Refusal::bad_request(LossReason::InvalidQuery, rejection.body_text())),
        };
        let judge = move |parts: &Parts, body| judge(route, query, parts, body);
        exchange(shared, route.limit, request, judge).await
    };
    post(capture).get(capture).options(cors::preflight)
}
