//! Assertions on the whole of what arrived.

use analytics_core::Ledger;
use analytics_inspector::{ReceivedEvent, ReceivedRequest};

use super::{CaptureServer, report};
use crate::assertion::fail;

impl CaptureServer {
    /// Asserts that `ledger` tells what happened: that its events are all settled, each of them delivered or dropped,
    /// and that as many are delivered as different events arrived. Take the ledger of a flush or a shutdown.
    ///
    /// # Panics
    /// If a number is off; the message says which.
    #[track_caller]
    pub fn assert_balances(&self, ledger: &Ledger) {
        let totals = self.inspector.totals();
        let off = off_balance(ledger, totals.unique_events);
        if !off.is_empty() {
            let off = off.join("\n    ");
            fail(&format!("the ledger does not balance\n    {off}\nledger: {ledger}\nserver: {totals}"));
        }
    }

    /// Asserts that the server had nothing against any request or event, and that PostHog would lose none of them
    /// after its 200. What an injected fault answered does not count.
    ///
    /// It looks at the requests that the server remembers, the last 10,000, but for those to whose events a fault has
    /// given a verdict.
    ///
    /// # Panics
    /// If something was refused, or would be lost.
    #[track_caller]
    pub fn assert_refused_nothing(&self) {
        let (requests, events) = (self.inspector.requests(), self.inspector.events());
        let refused = requests.iter().filter(|request| is_refused(request)).map(report::request);
        let refused = report::listing("refused:", refused);
        let lost = report::listing("accepted, but PostHog would lose it:", events.iter().filter_map(loss));
        if !(refused.is_empty() && lost.is_empty()) {
            fail(&format!("expected that nothing is refused{refused}{lost}"));
        }
    }
}

/// Which numbers are off, a line each.
fn off_balance(ledger: &Ledger, arrived: u64) -> Vec<String> {
    let (captured, pending) = (ledger.captured(), ledger.pending());
    let (delivered, dropped) = (ledger.delivered(), ledger.dropped_total());
    let mut off = Vec::new();
    if delivered != arrived {
        off.push(format!("delivered: the ledger says {delivered}, and {arrived} unique events arrived"));
    }
    if !ledger.is_settled() {
        off.push(format!("pending: {pending}, which are neither delivered nor dropped; flush or shut down before"));
    }
    if captured != delivered + dropped {
        off.push(format!("captured: {captured}, which is not {delivered} delivered + {dropped} dropped"));
    }
    off
}

/// Whether the server itself objected; for a verdict on an event the fault speaks in its place.
fn is_refused(request: &ReceivedRequest) -> bool {
    match request.fault.as_deref() {
        None => request.reason.is_some() || (request.status.is_some() && !report::is_accepted(request)),
        Some("verdict") => false,
        Some(_) => request.reason.is_some(),
    }
}

fn loss(event: &ReceivedEvent) -> Option<String> {
    event.silently_dropped().map(|why| format!("{event}: {why}"))
}
