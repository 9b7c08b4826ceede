//! One request, from its head to its answer.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;

use super::decode::{self, Decoded};
use super::query::CaptureQuery;
use super::route::Route;
use crate::faults::{Course, Fault};
use crate::protocol::refusal::Refusal;
use crate::protocol::reply::Reply;
use crate::protocol::{arrival, body, encoding};
use crate::shared::Shared;
use crate::store::{ReceivedEvent, ReceivedRequest, Ticket};

/// The most bytes the content of a body may have, as PostHog's server is set.
const INFLATED_LIMIT: usize = 25 * 1024 * 1024;

/// Reads, judges and remembers a request, and lets the next armed fault have its way with it.
pub(crate) async fn answer(
    shared: &Shared,
    route: Route,
    query: Result<CaptureQuery, Refusal>,
    request: Request,
) -> Reply {
    let (parts, body) = request.into_parts();
    let body = body::read(body, route.limit).await;
    let fault = shared.faults.next();
    let is_beacon = query.as_ref().is_ok_and(CaptureQuery::is_beacon);
    let Judged { ticket, verdict } = judge(shared, route, query, &parts, body);

    let mut reply = match &verdict {
        Ok(_) if is_beacon => Reply::text(StatusCode::NO_CONTENT, ""),
        Ok(_) => Reply::json(StatusCode::OK, r#"{"status":"Ok"}"#),
        Err(refusal) => refusal.clone().into(),
    };
    if let Some(fault) = fault {
        suffer(&fault).await;
        reply = reply.bent_by(&fault);
    }

    let events = verdict.unwrap_or_default();
    shared.store.settle(ticket, reply.status.as_u16(), &events);
    if reply.status.is_success() {
        shared.observe(events.iter().map(AsRef::as_ref));
    }
    reply
}

/// Takes the time that a fault takes. It may be for ever: then the client has to leave.
async fn suffer(fault: &Fault) {
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
    if fault.course == Course::NeverAnswered {
        std::future::pending::<()>().await;
    }
}

/// A request that is remembered, and whether its events deserve to be accepted.
struct Judged {
    ticket: Ticket,
    verdict: Result<Vec<Arc<ReceivedEvent>>, Refusal>,
}

fn judge(
    shared: &Shared,
    route: Route,
    query: Result<CaptureQuery, Refusal>,
    parts: &Parts,
    body: body::ReadBody,
) -> Judged {
    let mut received = arrival(parts);
    received.body_bytes = body.wire_bytes;
    received.inflated_bytes = body.wire_bytes;
    received.body = body.content.as_ref().ok().cloned();
    let content = query.and_then(|query| {
        let wire = body.content?;
        if wire.is_empty() {
            return Err(Refusal::bad_request("request has an empty body"));
        }
        let is_gzip = query.is_gzip() || encoding::is_labelled_gzip(&parts.headers);
        encoding::inflate(&wire, is_gzip, INFLATED_LIMIT)
    });
    let content = match content {
        Ok(content) => content,
        Err(refusal) => return remember(shared, received, Err(refusal)),
    };
    received.inflated_bytes = content.len();
    received.body = Some(content.clone());
    judge_content(shared, route, received, &content)
}

fn judge_content(shared: &Shared, route: Route, mut received: ReceivedRequest, content: &Bytes) -> Judged {
    let Ok(text) = std::str::from_utf8(content) else {
        let refusal = Refusal::bad_request("invalid UTF8 in request payload");
        return remember(shared, received, Err(refusal));
    };
    match decode::decode(text, route.is_engage) {
        Ok(decoded) => {
            let Decoded { api_key, sent_at, count, verdict } = decoded;
            received.api_key = api_key;
            received.sent_at = sent_at;
            received.events = count;
            remember(shared, received, verdict)
        }
        Err(refusal) => remember(shared, received, Err(refusal)),
    }
}

fn remember(
    shared: &Shared,
    mut received: ReceivedRequest,
    verdict: Result<Vec<decode::DecodedEvent<'_>>, Refusal>,
) -> Judged {
    received.reason = verdict.as_ref().err().map(|refusal| refusal.text.to_string());
    let ticket = shared.store.arrive(received);
    let verdict = verdict.map(|events| {
        let events = events.into_iter();
        events.map(|event| Arc::new(event.into_received(ticket.number))).collect()
    });
    Judged { ticket, verdict }
}
