//! The server's count against a ledger.

use analytics_core::{DropReason, Ledger};
use analytics_testkit::CaptureServer;

use super::client::{send, tool};
use crate::failure::failure;

fn ledger(delivered: u64, dropped: u64, pending: u64) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.add_delivered(delivered);
    ledger.add_dropped(DropReason::QueueFull, dropped);
    ledger.with_pending(pending)
}

/// A server at which two events arrived, one of them twice.
fn server() -> CaptureServer {
    let server = CaptureServer::start();
    send(&server, &[tool(1, "search"), tool(2, "fetch")]);
    send(&server, &[tool(1, "search")]);
    server
}

#[test]
fn a_ledger_balances_if_as_many_are_delivered_as_different_events_arrived() {
    let server = server();
    server.assert_balances(&ledger(2, 0, 0));
    server.assert_balances(&ledger(2, 3, 0));
    CaptureServer::start().assert_balances(&Ledger::new());
}

#[test]
fn the_number_that_is_off_is_told() {
    let server = server();
    let bytes = server.inspector().totals().body_bytes.to_string();
    let told = |ledger: &Ledger| failure(|| server.assert_balances(ledger)).message.replace(&bytes, "<bytes>");
    insta::assert_snapshot!(told(&ledger(3, 1, 0)), @"
    the ledger does not balance
        delivered: the ledger says 3, and 2 unique events arrived
    ledger: 4 captured · 3 delivered · 1 lost (1 queue_full)
    server: requests 2 (refused 0), events 3 (unique 2, repeated 1), bytes <bytes>
    ");
    insta::assert_snapshot!(told(&ledger(2, 1, 4)), @"
    the ledger does not balance
        pending: 4, which are neither delivered nor dropped; flush or shut down before
        captured: 7, which is not 2 delivered + 1 dropped
    ledger: 7 captured · 2 delivered · 1 lost (1 queue_full) · 4 pending
    server: requests 2 (refused 0), events 3 (unique 2, repeated 1), bytes <bytes>
    ");
    let line = line!() + 1;
    failure(|| server.assert_balances(&ledger(1, 0, 1))).at_line(line);
}
