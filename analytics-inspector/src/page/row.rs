//! An entry of the feed as one row of the page.

use std::borrow::Cow;

use serde::Serialize;

use crate::api::milliseconds;
use crate::received::ReceivedRequest;
use crate::store::{EntryStatus, Item, What};

/// A longer text is cut here.
const MAX_CHARS: usize = 200;

#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    seq: u64,
    kind: &'static str,
    /// When it was received, in milliseconds since the epoch.
    at: u64,
    /// When it happened, as the event says.
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'a str>,
    request: u64,
    attempt: u32,
    name: Cow<'a, str>,
    actor: Cow<'a, str>,
    /// The properties in short, or how many events a request carried.
    preview: String,
    bytes: usize,
    verdict: EntryStatus,
    /// The status of a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why it was dropped or refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Cow<'a, str>>,
    /// The fault that it met.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a str>,
}

impl<'a> Row<'a> {
    pub(super) fn of(item: &'a Item) -> Self {
        let verdict = item.status();
        match &item.what {
            What::Event { event, at, .. } => Self {
                seq: item.seq,
                kind: "event",
                at: milliseconds(*at),
                timestamp: event.timestamp.as_deref(),
                request: event.request,
                attempt: item.attempt,
                name: cut(&event.event),
                actor: cut(&event.distinct_id),
                preview: cut(&event.preview()).into_owned(),
                bytes: event.json().len(),
                verdict,
                status: None,
                why: event.silently_dropped().map(Cow::Borrowed),
                fault: None,
            },
            What::Request(request) => Self {
                seq: item.seq,
                kind: "request",
                at: milliseconds(request.received_at),
                timestamp: None,
                request: request.number,
                attempt: item.attempt,
                name: Cow::Owned(cut(&format!("{} {}", request.method, request.path)).into_owned()),
                actor: Cow::Borrowed(""),
                preview: carried(request),
                bytes: request.body_bytes,
                verdict,
                status: request.status,
                why: request.reason.as_deref().map(cut),
                fault: request.fault.as_deref(),
            },
        }
    }
}

fn carried(request: &ReceivedRequest) -> String {
    match request.events {
        0 => "no readable events".to_owned(),
        1 => "1 event".to_owned(),
        count => format!("{count} events"),
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_CHARS).and_then(|(end, _)| text.get(..end)) {
        Some(start) => Cow::Owned(format!("{start}…")),
        None => Cow::Borrowed(text),
    }
}
