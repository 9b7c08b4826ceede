//! What a request deserves by v0.

use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;

use super::decode::{self, Decoded, DecodedEvent};
use super::payload::{self, Payload};
use super::query::CaptureQuery;
use crate::loss::LossReason;
use crate::protocol::body::ReadBody;
use crate::protocol::outcome::{Judged, Outcome};
use crate::protocol::refusal::Refusal;
use crate::protocol::reply::Reply;
use crate::protocol::{arrival, encoding, sizes};
use crate::received::ReceivedRequest;

/// The most bytes the content of a body may have, as PostHog's server is set.
const INFLATED_LIMIT: usize = 25 * 1024 * 1024;

/// How a path treats its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// The most bytes a body may have on the wire.
    pub(crate) limit: usize,
    /// Whether an event without a name is taken for an `$identify`.
    pub(crate) is_engage: bool,
    /// Whether it takes nothing but AI events.
    pub(crate) is_ai: bool,
}

pub(crate) fn judge(route: Route, query: Result<CaptureQuery, Refusal>, parts: &Parts, mut body: ReadBody) -> Judged {
    let mut received = arrival(parts);
    received.body_bytes = body.wire_bytes;
    received.inflated_bytes = body.wire_bytes;
    received.body = body.content.as_ref().ok().cloned();
    let outcome = try_judge(route, query, parts, &mut body, &mut received).unwrap_or_else(Outcome::from);
    Judged { received, outcome, allowance: body.allowance }
}

fn try_judge(
    route: Route,
    query: Result<CaptureQuery, Refusal>,
    parts: &Parts,
    body: &mut ReadBody,
    received: &mut ReceivedRequest,
) -> Result<Outcome, Refusal> {
    let query = query?;
    let wire = body.content.clone()?;
    let allowance = &mut body.allowance;
    let Payload { content, is_labelled_gzip } = payload::find(&parts.method, &parts.headers, &query, wire, allowance)?;
    let content = encoding::inflate(&content, is_labelled_gzip, INFLATED_LIMIT, allowance)?;
    // Each event is remembered with a copy of its own.
    allowance.take(content.len())?;
    received.inflated_bytes = content.len();
    received.body = Some(content.clone());
    judge_content(route, &query, &content, received)
}

fn judge_content(
    route: Route,
    query: &CaptureQuery,
    content: &Bytes,
    received: &mut ReceivedRequest,
) -> Result<Outcome, Refusal> {
    let Ok(text) = std::str::from_utf8(content) else {
        return Err(Refusal::bad_request(LossReason::RequestDecodingError, "invalid UTF8 in request payload"));
    };
    let Decoded { api_key, sent_at, count, verdict } = decode::decode(text, route.is_engage)?;
    received.api_key = api_key;
    received.sent_at = sent_at;
    received.events = count;
    let events = verdict?;
    if route.is_ai {
        events.iter().try_for_each(check_for_ai)?;
    }
    let events = events.into_iter().map(DecodedEvent::into_received).collect();
    let reply = if query.is_beacon() {
        Reply::text(StatusCode::NO_CONTENT, "")
    } else {
        Reply::json(StatusCode::OK, r#"{"status":"Ok"}"#)
    };
    Ok(Outcome::Accepted { reply, events })
}

/// The lane for AI events refuses a whole request for one event of another kind, or for one too large.
fn check_for_ai(event: &DecodedEvent<'_>) -> Result<(), Refusal> {
    if !sizes::is_ai_event(event.name()) {
        let text = format!("{:?} is no AI event", event.name());
        return Err(Refusal::bad_request(LossReason::MisroutedEvent, text));
    }
    if event.bytes() > sizes::MAX_AI_EVENT_BYTES {
        let text = format!("an AI event has {} bytes, the limit is {}", event.bytes(), sizes::MAX_AI_EVENT_BYTES);
        return Err(Refusal { reason: LossReason::AiEventTooBig, ..Refusal::too_large(text) });
    }
    Ok(())
}
