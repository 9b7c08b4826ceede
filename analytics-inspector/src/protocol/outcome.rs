//! What a request deserves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use uuid::Uuid;

use super::allowance::Allowance;
use super::refusal::Refusal;
use super::reply::Reply;
use crate::faults::{Fault, FaultEffect};
use crate::loss::LossReason;
use crate::received::{MAX_LOST, ReceivedEvent, ReceivedRequest};

/// A request that was read, and what it deserves.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) received: ReceivedRequest,
    pub(crate) outcome: Outcome,
    /// What it has of the server's bytes in hand.
    pub(crate) allowance: Allowance,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is refused, for a reason, also in words.
    Refused { reply: Reply, loss: LossReason, reason: String },
    /// All of its events are accepted.
    Accepted { reply: Reply, events: Vec<ReceivedEvent> },
    /// Each of its events has a verdict of its own.
    Judged { headers: Vec<(HeaderName, HeaderValue)>, verdicts: Vec<EventVerdict> },
}

/// What becomes of one event.
#[derive(Debug)]
pub(crate) struct EventVerdict {
    pub(crate) uuid: Uuid,
    /// The protocol's word: `ok`, `warning`, `drop` or `retry`.
    pub(crate) result: &'static str,
    pub(crate) details: Option<String>,
    /// Why it is not accepted; `None` if it is.
    pub(crate) loss: Option<LossReason>,
    pub(crate) event: ReceivedEvent,
}

#[derive(Serialize)]
struct Results {
    results: BTreeMap<String, ShownVerdict>,
}

#[derive(Serialize)]
struct ShownVerdict {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
}

/// How many events an objection names.
const MAX_NAMED: usize = 10;

impl Outcome {
    pub(crate) fn of_verdicts(verdicts: Vec<EventVerdict>) -> Self {
        Self::Judged { headers: Vec::new(), verdicts }
    }

    /// Adds headers to the answer.
    pub(crate) fn with_headers(self, added: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        match self {
            Self::Refused { reply, loss, reason } => Self::Refused { reply: reply.with_headers(added), loss, reason },
            Self::Accepted { reply, events } => Self::Accepted { reply: reply.with_headers(added), events },
            Self::Judged { mut headers, verdicts } => {
                headers.extend(added);
                Self::Judged { headers, verdicts }
            }
        }
    }

    /// The events that get verdicts of their own, as JSON.
    pub(crate) fn judged_events(&self) -> Vec<&str> {
        match self {
            Self::Refused { .. } | Self::Accepted { .. } => Vec::new(),
            Self::Judged { verdicts, .. } => verdicts.iter().map(|verdict| verdict.event.json()).collect(),
        }
    }

    /// Gives the verdicts of these faults, the first one that is about an event.
    pub(crate) fn bend(&mut self, faults: &[Fault]) {
        let Self::Judged { verdicts, .. } = self else {
            return;
        };
        for verdict in verdicts {
            let fault = faults.iter().find(|fault| fault.is_about(verdict.event.json()));
            if let Some(FaultEffect::Judged { verdict: told, details }) = fault.map(|fault| &fault.effect) {
                verdict.result = told.as_str();
                verdict.details = Some(details.clone());
                verdict.loss = (!verdict.is_accepted()).then_some(LossReason::ArmedFault);
            }
        }
    }

    /// What speaks against the request or some of its events, in words.
    pub(crate) fn objection(&self) -> Option<String> {
        match self {
            Self::Refused { reason, .. } => Some(reason.clone()),
            Self::Accepted { .. } => None,
            Self::Judged { verdicts, .. } => {
                let lost: Vec<_> = verdicts.iter().filter(|verdict| !verdict.is_accepted()).collect();
                (!lost.is_empty()).then(|| objection(&lost, verdicts.len()))
            }
        }
    }

    /// The same as a word for programs: of the whole request; `None` where its events have verdicts of their own.
    pub(crate) fn loss(&self) -> Option<LossReason> {
        match self {
            Self::Refused { loss, .. } => Some(*loss),
            Self::Accepted { .. } | Self::Judged { .. } => None,
        }
    }

    /// The events that are not accepted, of those with verdicts of their own: at most [`MAX_LOST`].
    pub(crate) fn lost_events(&self) -> Box<[(Uuid, LossReason)]> {
        let Self::Judged { verdicts, .. } = self else {
            return Box::default();
        };
        let lost = verdicts.iter().filter_map(|verdict| Some((verdict.uuid, verdict.loss?)));
        lost.take(MAX_LOST).collect()
    }

    /// The answer, and the events that are accepted if it is given.
    pub(crate) fn conclude(self, request: u64) -> (Reply, Vec<Arc<ReceivedEvent>>) {
        let numbered = |event: ReceivedEvent| Arc::new(ReceivedEvent { request, ..event });
        match self {
            Self::Refused { reply, .. } => (reply, Vec::new()),
            Self::Accepted { reply, events } => (reply, events.into_iter().map(numbered).collect()),
            Self::Judged { headers, verdicts } => {
                let mut reply = Reply::json(StatusCode::OK, results(&verdicts)).with_headers(headers);
                if verdicts.iter().any(|verdict| verdict.result == "retry") {
                    reply = reply.with_headers([(header::RETRY_AFTER, HeaderValue::from_static("1"))]);
                }
                let accepted = verdicts.into_iter().filter(EventVerdict::is_accepted);
                (reply, accepted.map(|verdict| numbered(verdict.event)).collect())
            }
        }
    }
}

impl EventVerdict {
    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.result, "ok" | "warning")
    }
}

fn results(verdicts: &[EventVerdict]) -> String {
    let shown = |verdict: &EventVerdict| {
        let shown = ShownVerdict { result: verdict.result, details: verdict.details.clone() };
        (verdict.uuid.to_string(), shown)
    };
    // Words and uuids always become JSON.
    serde_json::to_string(&Results { results: verdicts.iter().map(shown).collect() }).unwrap_or_default()
}

fn objection(lost: &[&EventVerdict], of: usize) -> String {
    let mut text = format!("{} of {of} events not accepted", lost.len());
    for (index, verdict) in lost.iter().take(MAX_NAMED).enumerate() {
        let separator = if index == 0 { ':' } else { ',' };
        let details = verdict.details.as_deref().unwrap_or_default();
        // Writing to a string cannot fail.
        write!(text, "{separator} {} {} {details}", verdict.uuid, verdict.result).unwrap_or_default();
    }
    if lost.len() > MAX_NAMED {
        text.push_str(", …");
    }
    text
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { loss: refusal.reason, reason: refusal.text.to_string(), reply: refusal.into() }
    }
}
