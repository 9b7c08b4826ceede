//! One test for each way in which a server misbehaves: what arrived, and the ledger after.
//!
//! Whatever the fault, every event is delivered exactly once by the server's own key, none is lost, and the ledger says
//! so. The faults that end in a loss by design stand at the end.

use std::time::Duration;

use analytics_core::Actor;
use analytics_core::{Analytics, DropReason, DynamicEvent, Ledger};
use analytics_inspector::{Fault, Inspector};

use crate::support::{LONG, config, inspector, spawn, track};

const EVENTS: u64 = 20;

/// A service whose server has `fault`, after it tracked its events and was shut down.
fn after(fault: Fault, track_all: impl Fn(&Analytics)) -> (Ledger, Inspector) {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    // Some faults end only when an attempt does.
    config.delivery.request_timeout = Duration::from_millis(500);
    let analytics = spawn(config);
    inspector.inject(fault);
    track_all(&analytics);
    (analytics.shutdown_blocking(LONG), inspector)
}

fn some(analytics: &Analytics) {
    (0..EVENTS).for_each(|_| track(analytics));
}

macro_rules! survived {
    ($($name:ident: $fault:expr;)*) => { $(
        #[test]
        fn $name() {
            let (ledger, inspector) = after($fault, some);
            assert_eq!((ledger.delivered(), ledger.lost(), ledger.pending()), (EVENTS, 0, 0), "{ledger}");
            let totals = inspector.totals();
            assert_eq!((totals.unique_events, inspector.uuids().len() as u64), (EVENTS, EVENTS), "{totals}");
            assert!(inspector.faults().iter().all(|report| report.acted > 0), "the fault acted: {:?}", inspector.faults());
        }
    )* };
}

survived! {
    a_status_500: Fault::status(500).times(2);
    a_status_503_that_asks_for_a_second: Fault::status(503).with_header("Retry-After", "1");
    a_status_429_without_a_word: Fault::status(429).times(2);
    a_status_429_with_garbage_for_a_time: Fault::status(429).with_header("Retry-After", "-1");
    a_status_408: Fault::status(408);
    a_redirect: Fault::redirect(307, "http://127.0.0.1:9/batch/");
    a_login_page: Fault::status(502).with_header("Content-Type", "text/html").with_body("<html>Sign in</html>");
    a_delay: Fault::delay(Duration::from_millis(50)).times(2);
    no_answer_at_all: Fault::never_answer();
    an_answer_byte_by_byte: Fault::byte_by_byte(Duration::from_millis(1));
    an_answer_without_end: Fault::endless_body();
    a_reset_before_the_request_is_read: Fault::reset_before_request().times(2);
    a_reset_while_the_request_is_read: Fault::reset_during_request(100);
    a_reset_after_the_request_was_read: Fault::reset_after_request();
    a_close_after_each_reply: Fault::close_after_reply().times(3);
    refused_connections: Fault::refuse_connections().during(Duration::from_millis(200));
    a_status_413_above_a_size: Fault::status(413).if_content_exceeds(1_500).always();
    half_of_all_requests: Fault::status(503).for_share(0.5).with_seed(7).during(Duration::from_secs(1));
}

#[test]
fn accepted_and_then_reset() {
    let (ledger, inspector) = after(Fault::accept_then_reset(), some);
    assert_eq!((ledger.delivered(), ledger.lost()), (EVENTS, 0), "{ledger}");
    let totals = inspector.totals();
    assert_eq!((totals.unique_events, totals.duplicate_events), (EVENTS, EVENTS), "sent again under the same uuids");
}

#[test]
fn one_poison_event_among_many() {
    let (ledger, inspector) = after(Fault::status(400).if_body_contains("poison").always(), |analytics| {
        some(analytics);
        analytics.track(Actor::user("u1"), DynamicEvent::new("poison"));
        some(analytics);
    });
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Refused)), (2 * EVENTS, 1), "{ledger}");
    assert_eq!(inspector.totals().unique_events, 2 * EVENTS);
}

#[test]
fn a_key_that_is_not_accepted() {
    let (ledger, inspector) = after(Fault::status(401), some);
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Unauthorized)), (0, EVENTS), "{ledger}");
    assert_eq!(inspector.totals().unique_events, 0);
}
