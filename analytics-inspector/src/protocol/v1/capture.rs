//! What a request deserves by v1.

use axum::http::HeaderName;
use axum::http::request::Parts;

use super::batch::{self, RawEvent};
use super::head::{Head, REQUEST_ID};
use super::refusal::Refusal;
use crate::loss::LossReason;
use crate::protocol::allowance::DecodeError;
use crate::protocol::arrival;
use crate::protocol::body::ReadBody;
use crate::protocol::outcome::{Judged, Outcome};
use crate::received::ReceivedRequest;

/// The most bytes the content of a body may have.
const INFLATED_LIMIT: usize = 50 * 1024 * 1024;

/// How a path treats its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// Whether it takes nothing but AI events.
    pub(crate) is_ai: bool,
}

pub(crate) fn judge(route: Route, parts: &Parts, mut body: ReadBody) -> Judged {
    let mut received = arrival(parts);
    received.body_bytes = body.wire_bytes;
    received.inflated_bytes = body.wire_bytes;
    received.body = body.content.as_ref().ok().cloned();
    let outcome = try_judge(route, parts, &mut body, &mut received).unwrap_or_else(Outcome::from);
    let echoed = parts.headers.get(REQUEST_ID).cloned();
    let echoed = echoed.map(|id| (HeaderName::from_static(REQUEST_ID), id));
    Judged { received, outcome: outcome.with_headers(echoed), allowance: body.allowance }
}

fn try_judge(
    route: Route,
    parts: &Parts,
    body: &mut ReadBody,
    received: &mut ReceivedRequest,
) -> Result<Outcome, Refusal> {
    let head = Head::read(&parts.headers)?;
    received.api_key = Some(head.api_key);
    received.sent_at = Some(head.sent_at);
    let wire = body.content.clone().map_err(Refusal::of_body)?;
    if wire.is_empty() {
        return Err(Refusal::bad_request(LossReason::EmptyBody, "request body is empty"));
    }
    if let Some(encoding) = head.encoding {
        let content = encoding.inflate(&wire, INFLATED_LIMIT, &mut body.allowance).map_err(|error| match error {
            DecodeError::Damaged(error) => Refusal::undecodable(error.to_string()),
            DecodeError::Refused(refusal) => Refusal::of_body(refusal),
        })?;
        if content.len() > INFLATED_LIMIT {
            let text = format!("payload too large: the content has more than {INFLATED_LIMIT} bytes");
            return Err(Refusal::too_large(text));
        }
        received.inflated_bytes = content.len();
        received.body = Some(content);
    }
    let content = received.body.clone().unwrap_or_default();
    // Each event is remembered with a copy of its own.
    body.allowance.take(content.len()).map_err(Refusal::of_body)?;
    let events = batch::read(&content)?;
    received.events = events.len();
    let verdict = |event: RawEvent<'_>| event.into_verdict(route.is_ai);
    Ok(Outcome::of_verdicts(events.into_iter().map(verdict).collect()))
}
