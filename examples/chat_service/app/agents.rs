//! What users do with agents: run one, schedule one, set up a trigger for one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use product_analytics::CopilotEvent;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::headers::{Session, SignedIn};
use super::problem::Problem;
use super::tracked::Tracked;
use crate::domain::{Agent, Cron, Feed, Library, Trigger, fresh};

#[derive(Debug, Deserialize)]
pub(super) struct Run {
    input: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Ran {
    execution_id: String,
    output: String,
}

/// `POST /agents/{library_agent_id}/runs` with `{"input": …}`: what the agent made of it.
///
/// A run that fails is not a success, and no event says that it was.
pub(super) async fn run(
    State(library): State<Library>,
    State(feed): State<Feed>,
    _: SignedIn,
    session: Session,
    Tracked(tracker): Tracked,
    Path(library_agent_id): Path<String>,
    Json(Run { input }): Json<Run>,
) -> Result<Json<Ran>, Problem> {
    let agent = find(library, &library_agent_id)?;
    let output = agent.run(&input).map_err(Problem::unprocessable)?;
    let execution_id = fresh("exec");
    tracker.track(CopilotEvent::AgentRunSuccess {
        session_id: &session.0,
        graph_id: agent.graph_id,
        graph_name: agent.graph_name,
        execution_id: &execution_id,
        library_agent_id: agent.library_agent_id,
    });
    feed.publish(&session.0, format!("{} ran: {execution_id}", agent.graph_name));
    Ok(Json(Ran { execution_id, output }))
}

#[derive(Debug, Deserialize)]
pub(super) struct Schedule {
    name: String,
    cron: String,
}

/// `POST /agents/{library_agent_id}/schedules` with `{"name": …, "cron": …}`: 201 and the schedule's id.
pub(super) async fn schedule(
    State(library): State<Library>,
    State(feed): State<Feed>,
    _: SignedIn,
    session: Session,
    Tracked(tracker): Tracked,
    Path(library_agent_id): Path<String>,
    Json(Schedule { name, cron }): Json<Schedule>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let agent = find(library, &library_agent_id)?;
    let runs_at = Cron::parse(&cron).map_err(Problem::unprocessable)?.to_string();
    let schedule_id = fresh("sched");
    tracker.track(CopilotEvent::AgentScheduled {
        session_id: &session.0,
        graph_id: agent.graph_id,
        graph_name: agent.graph_name,
        schedule_id: &schedule_id,
        schedule_name: &name,
        cron: &cron,
        library_agent_id: agent.library_agent_id,
    });
    feed.publish(&session.0, format!("{} is scheduled: {name}, {runs_at}", agent.graph_name));
    Ok((StatusCode::CREATED, Json(json!({ "schedule_id": schedule_id, "runs_at": runs_at }))))
}

#[derive(Debug, Deserialize)]
pub(super) struct SetUp {
    trigger_type: Trigger,
}

/// `POST /agents/{library_agent_id}/triggers` with `{"trigger_type": "webhook"}`, `"email"` or `"github"`: 201 and
/// where to send what sets the agent off.
pub(super) async fn set_up_trigger(
    State(library): State<Library>,
    State(feed): State<Feed>,
    _: SignedIn,
    session: Session,
    Tracked(tracker): Tracked,
    Path(library_agent_id): Path<String>,
    Json(SetUp { trigger_type }): Json<SetUp>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let agent = find(library, &library_agent_id)?;
    let address = trigger_type.address(&fresh("trig"));
    tracker.track(CopilotEvent::TriggerSetup {
        session_id: &session.0,
        graph_id: agent.graph_id,
        graph_name: agent.graph_name,
        trigger_type: trigger_type.name(),
        library_agent_id: agent.library_agent_id,
    });
    feed.publish(&session.0, format!("{} listens at {address}", agent.graph_name));
    Ok((StatusCode::CREATED, Json(json!({ "address": address }))))
}

fn find(library: Library, library_agent_id: &str) -> Result<&'static Agent, Problem> {
    let none = || Problem::NotFound(format!("there is no agent {library_agent_id}"));
    library.agent(library_agent_id).ok_or_else(none)
}
