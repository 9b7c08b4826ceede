//! What a server received, in lines.

use std::fmt::Display;

use analytics_inspector::{Inspector, ReceivedRequest};

use crate::text::line;

/// The number of events or requests that a message lists at most.
const LISTED: usize = 20;

/// What arrived, and which requests were not answered well.
pub(super) fn all(inspector: &Inspector) -> String {
    let (events, requests) = (inspector.events(), inspector.requests());
    if requests.is_empty() {
        return format!("\nnobody sent anything to {}", inspector.url());
    }
    let events = events.iter().enumerate().map(|(index, event)| format!("#{} {event}", index + 1));
    let failed = requests.iter().filter(|request| !is_accepted(request)).map(request);
    listing("arrived:", events) + &listing("requests without a 2xx answer:", failed)
}

/// Lines under a heading; nothing where there are none.
pub(super) fn listing<L: Display>(heading: &str, lines: impl Iterator<Item = L>) -> String {
    let lines: Vec<String> = lines.map(|text| format!("\n    {}", line(&text.to_string()))).collect();
    let more = match lines.len().checked_sub(LISTED) {
        None | Some(0) => String::new(),
        Some(more) => format!("\n    … and {more} more"),
    };
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{heading}{}{more}", lines.into_iter().take(LISTED).collect::<String>())
}

/// `request 3, POST /batch: 400, batch is empty`.
pub(super) fn request(request: &ReceivedRequest) -> String {
    let ReceivedRequest { number, method, path, status, reason, fault, .. } = request;
    let answer = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let reason = reason.as_deref().map(|reason| format!(", {reason}")).unwrap_or_default();
    let fault = fault.as_deref().map(|fault| format!(", by the fault `{fault}`")).unwrap_or_default();
    format!("request {number}, {method} {path}: {answer}{reason}{fault}")
}

pub(super) fn is_accepted(request: &ReceivedRequest) -> bool {
    request.status.is_some_and(|status| (200..300).contains(&status))
}
