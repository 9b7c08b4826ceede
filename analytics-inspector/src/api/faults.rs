//! `GET`, `POST` and `DELETE /api/faults`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::Serialize;

use crate::faults::{Fault, FaultReport, FaultSpec, ReportSpec};
use crate::protocol::Reply;
use crate::shared::Shared;

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
    super::json(&Faults { faults: specs(armed), finished: specs(finished) })
}

pub(super) async fn arm(State(shared): State<Arc<Shared>>, body: Bytes) -> Response<Body> {
    let fault = serde_json::from_slice::<FaultSpec>(&body)
        .map_err(|error| error.to_string())
        .and_then(|spec| Fault::try_from(spec).map_err(str::to_owned));
    match fault {
        Ok(fault) => {
            shared.faults.arm(fault);
            super::done()
        }
        Err(error) => Reply::text(StatusCode::BAD_REQUEST, format!("not a fault: {error}\n")).into(),
    }
}

pub(super) async fn clear(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.faults.clear();
    super::done()
}
