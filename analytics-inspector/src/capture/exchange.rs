//! One capture request, from its head to its answer, and what a fault makes of it.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};

use crate::faults::{Delivery, Facts, Fault, FaultEffect, ResetAt};
use crate::protocol::body::ReadBody;
use crate::protocol::outcome::Judged;
use crate::protocol::{Reply, arrival, body, cors, quota};
use crate::received::ReceivedEvent;
use crate::shared::Shared;
use crate::store::Ticket;
use crate::wire::{Ending, Order, Wire};

/// A settlement of more events is worth another thread.
const LIGHT_EVENTS: usize = 1_000;

/// Reads a request of at most `limit` bytes, has it judged, remembers it, and lets the armed faults have
/// their way with it.
pub(crate) async fn exchange(
    shared: Arc<Shared>,
    limit: usize,
    request: Request,
    judge: impl FnOnce(&Parts, ReadBody) -> Judged + Send + 'static,
) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let wire = parts.extensions.remove::<Wire>();
    let number = shared.faults.next_request();
    if let Some(fault) = shared.faults.claim_early(number) {
        break_off(&shared, &parts, body, &fault).await;
        match take_over(wire, Order::Reset).await {}
    }
    let body = body::read(body, limit, &shared.limits, &shared.budget).await;
    let is_heavy = body.is_heavy(&parts);
    let arrived = {
        let shared = Arc::clone(&shared);
        move || judge_and_record(&shared, number, &parts, body, judge)
    };
    let arrived = shared.workers.judge(is_heavy, arrived).await;
    answer(&shared, wire, arrived).await
}

/// Reads as much of a request as a fault lets through, and remembers that.
async fn break_off(shared: &Shared, parts: &Parts, body: Body, fault: &Fault) {
    let read = match fault.effect {
        FaultEffect::Reset(ResetAt::BodyBytes(bytes)) => body::skip(body, bytes, &shared.limits).await,
        _ => 0,
    };
    let mut received = arrival(parts);
    received.body_bytes = read;
    received.inflated_bytes = read;
    received.fault = Some(fault.name().to_owned());
    shared.store.record_request(received);
    tokio::time::sleep(fault.delay).await;
}

/// A request that is remembered, and what it is to be answered.
struct Arrived {
    ticket: Ticket,
    reply: Reply,
    /// Those that are accepted if the answer is given; none if they are already.
    events: Vec<Arc<ReceivedEvent>>,
    fault: Option<Fault>,
}

/// Judges a request and remembers it; without a fault, to its end.
fn judge_and_record(
    shared: &Shared,
    number: u64,
    parts: &Parts,
    mut body: ReadBody,
    judge: impl FnOnce(&Parts, ReadBody) -> Judged,
) -> Arrived {
    body.allowance.begin_decoding(shared.limits.decoding);
    let Judged { mut received, outcome, allowance } = judge(parts, body);
    let mut outcome = outcome.with_headers(cors::headers_for(&parts.headers));
    let claimed = {
        let content = received.body.clone().unwrap_or_default();
        let events = outcome.judged_events();
        let wire_bytes = received.body_bytes;
        let content_bytes = received.inflated_bytes;
        shared.faults.claim(number, &Facts { wire_bytes, content_bytes, content: &content, events: &events })
    };
    outcome.bend(&claimed.verdicts);
    let fault = claimed.fault;
    if let Some(FaultEffect::OverQuota(status)) = fault.as_ref().map(|fault| &fault.effect) {
        // One that is none is told as such when the answer is bent.
        outcome = quota::exceeded(outcome, StatusCode::from_u16(*status).unwrap_or_default());
    }
    let acted = fault.as_ref().or(claimed.verdicts.first());
    received.fault = acted.map(|fault| fault.name().to_owned());
    received.reason = outcome.objection();
    received.loss = outcome.loss();
    received.lost = outcome.lost_events();
    let ticket = shared.store.record_request(received);
    let (reply, mut events) = outcome.conclude(ticket.number);
    if fault.is_none() {
        let accepted = if reply.status.is_success() { std::mem::take(&mut events) } else { Vec::new() };
        shared.settle(ticket, Some(reply.status.as_u16()), &accepted);
    }
    // From here on it is remembered, which has bounds of its own, or waits for a fault as long as that wants.
    drop(allowance);
    Arrived { ticket, reply, events, fault }
}

async fn answer(shared: &Arc<Shared>, wire: Option<Wire>, arrived: Arrived) -> Response<Body> {
    let Arrived { ticket, reply, events, fault } = arrived;
    let Some(fault) = fault else {
        return reply.into();
    };
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
    match fault.effect {
        FaultEffect::NeverAnswered => {
            drop(events);
            match pending::<Infallible>().await {}
        }
        FaultEffect::Reset(_) => match take_over(wire, Order::Reset).await {},
        FaultEffect::AcceptedThenReset => {
            settle(shared, ticket, None, events).await;
            match take_over(wire, Order::Reset).await {}
        }
        FaultEffect::Normal
        | FaultEffect::Status(_)
        | FaultEffect::OverQuota(_)
        | FaultEffect::Refused
        | FaultEffect::Judged { .. } => {}
    }
    let reply = reply.bent_by(&fault);
    let accepted = if reply.status.is_success() { events } else { Vec::new() };
    settle(shared, ticket, Some(reply.status.as_u16()), accepted).await;
    deliver(wire, reply, fault.delivery).await
}

async fn settle(shared: &Arc<Shared>, ticket: Ticket, status: Option<u16>, events: Vec<Arc<ReceivedEvent>>) {
    let is_heavy = events.len() > LIGHT_EVENTS;
    let settled = {
        let shared = Arc::clone(shared);
        move || shared.settle(ticket, status, &events)
    };
    shared.workers.judge(is_heavy, settled).await;
}

async fn deliver(wire: Option<Wire>, reply: Reply, delivery: Delivery) -> Response<Body> {
    let ending = match delivery {
        Delivery::Whole => return reply.into(),
        Delivery::ByteByByte(pause) => Ending::CloseAfterPauses(pause),
        Delivery::Endless => Ending::Never,
        Delivery::ThenClosed => Ending::Close,
    };
    match take_over(wire, Order::Send(reply.into_raw(ending))).await {}
}

/// Has the connection do something that HTTP cannot. It never returns: the connection drops it.
async fn take_over(wire: Option<Wire>, order: Order) -> Infallible {
    match wire {
        Some(wire) => wire.take_over(order).await,
        None => pending().await,
    }
}
