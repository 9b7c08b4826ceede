//! The copilot calls a tool.

use axum::Json;
use axum::extract::{Path, State};
use product_analytics::CopilotEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::headers::Session;
use super::problem::Problem;
use super::tracked::Tracked;
use crate::domain::{Library, call as call_tool, fresh};

#[derive(Debug, Deserialize)]
pub(super) struct Call {
    arguments: Value,
}

#[derive(Debug, Serialize)]
pub(super) struct Called {
    tool_call_id: String,
    result: Value,
}

/// `POST /tools/{tool_name}` with `{"arguments": {…}}`: the tool's result.
pub(super) async fn call(
    State(library): State<Library>,
    session: Session,
    Tracked(tracker): Tracked,
    Path(tool_name): Path<String>,
    Json(Call { arguments }): Json<Call>,
) -> Result<Json<Called>, Problem> {
    let result = call_tool(library, &tool_name, arguments)?;
    let tool_call_id = fresh("call");
    tracker.track(CopilotEvent::ToolCalled {
        session_id: &session.0,
        tool_name: &tool_name,
        tool_call_id: &tool_call_id,
    });
    Ok(Json(Called { tool_call_id, result }))
}
