//! `GET`, `POST` and `DELETE /api/faults`, and `DELETE /api/faults/{id}`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::answer;
use crate::faults::{Fault, FaultReport, FaultSpec, ReportSpec};
use crate::protocol::{Reply, body};
use crate::shared::Shared;

/// The most bytes of a fault, the body that it answers included.
const LIMIT: usize = 2 * 1024 * 1024;

/// How many faults may be armed over the API: each request looks at all of them.
const MAX_ARMED: usize = 1_000;

#[derive(Serialize)]
struct Faults {
    /// The next one first.
    faults: Vec<ReportSpec>,
    /// Those that are over, the oldest first.
    finished: Vec<ReportSpec>,
}

pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let (finished, armed): (Vec<_>, Vec<_>) = shared.faults.reports().into_iter().partition(|report| report.is_over);
    let specs = |reports: Vec<FaultReport>| reports.into_iter().map(ReportSpec::from).collect();
    answer::json(&Faults { faults: specs(armed), finished: specs(finished) })
}

pub(super) async fn arm(State(shared): State<Arc<Shared>>, body: Body) -> Response<Body> {
    let body = match body::read(body, LIMIT, &shared.limits, &shared.budget).await.content {
        Ok(body) => body,
        Err(refusal) => return Reply::from(refusal).into(),
    };
    let fault = serde_json::from_slice::<FaultSpec>(&body)
        .map_err(|error| error.to_string())
        .and_then(|spec| Fault::try_from(spec).map_err(str::to_owned));
    match fault {
        Ok(_) if shared.faults.armed() >= MAX_ARMED => {
            let text = format!("{MAX_ARMED} faults are armed, which is as many as there may be: clear them first\n");
            Reply::text(StatusCode::CONFLICT, text).into()
        }
        Ok(fault) => {
            shared.faults.arm(fault);
            super::done()
        }
        Err(error) => Reply::text(StatusCode::BAD_REQUEST, format!("not a fault: {error}\n")).into(),
    }
}

pub(super) async fn disarm(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Response<Body> {
    if shared.faults.disarm(id) {
        return super::done();
    }
    Reply::text(StatusCode::NOT_FOUND, "there is no such fault\n").into()
}

pub(super) async fn clear(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.faults.clear();
    super::done()
}
