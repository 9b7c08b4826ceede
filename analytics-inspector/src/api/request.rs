//! A request as the API and the page have it in JSON.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::received::ReceivedRequest;

/// A request in JSON.
#[derive(Serialize)]
pub(crate) struct RequestJson<'a> {
    number: u64,
    method: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    status: Option<u16>,
    reason: Option<&'a str>,
    fault: Option<&'a str>,
    headers: &'a [(String, String)],
    body_bytes: usize,
    inflated_bytes: usize,
    sent_at: Option<&'a str>,
    api_key: Option<&'a str>,
    events: usize,
    /// Milliseconds since the epoch.
    received_at_ms: u64,
    answered_at_ms: Option<u64>,
    /// As text. Absent if it is not asked for or not remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
}

impl<'a> RequestJson<'a> {
    /// Without its body.
    pub(crate) fn of(request: &'a ReceivedRequest) -> Self {
        Self {
            number: request.number,
            method: &request.method,
            path: &request.path,
            query: request.query.as_deref(),
            status: request.status,
            reason: request.reason.as_deref(),
            fault: request.fault.as_deref(),
            headers: &request.headers,
            body_bytes: request.body_bytes,
            inflated_bytes: request.inflated_bytes,
            sent_at: request.sent_at.as_deref(),
            api_key: request.api_key.as_deref(),
            events: request.events,
            received_at_ms: milliseconds(request.received_at),
            answered_at_ms: request.answered_at.map(milliseconds),
            body: None,
        }
    }

    /// The same with this body, or part of one.
    pub(crate) fn with_body(self, body: Option<Cow<'a, str>>) -> Self {
        Self { body, ..self }
    }
}

/// Milliseconds since the epoch, of a time before it none.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}
