//! A server that misbehaves.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use analytics_core::DropReason;
use analytics_inspector::{Fault, Inspector};

use crate::support::{LONG, config, inspector, spawn, track};

/// Times of attempts, from `sent_at`, which is the time of each.
fn attempts(inspector: &Inspector) -> Vec<String> {
    inspector.requests().iter().filter_map(|request| request.sent_at.clone()).collect()
}

#[test]
fn a_server_that_answers_503_three_times_loses_nothing() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    inspector.inject(Fault::status(503).times(3));
    (0..10).for_each(|_| track(&analytics));
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.captured(), ledger.delivered(), ledger.lost()), (10, 10, 0));
    assert_eq!(inspector.totals().unique_events, 10);
    let requests = inspector.requests();
    assert_eq!(
        requests.iter().map(|request| request.status).collect::<Vec<_>>(),
        [Some(503), Some(503), Some(503), Some(200)]
    );
    // Each attempt says when it was made; all else is the same bytes.
    let sent_at: HashSet<_> = attempts(&inspector).into_iter().collect();
    assert_eq!(sent_at.len(), 4);
    let events: HashSet<_> = requests
        .iter()
        .map(|request| request.body_text().unwrap().split_once("\"batch\":").unwrap().1.to_owned())
        .collect();
    assert_eq!(events.len(), 1);
}

#[test]
fn a_server_that_never_answers_costs_a_shutdown_its_grace_and_no_more() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    inspector.inject(Fault::never_answer().always());
    (0..250).for_each(|_| track(&analytics));
    let begun = Instant::now();
    let ledger = analytics.shutdown_blocking(Duration::from_millis(300));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!((ledger.captured(), ledger.dropped(DropReason::Abandoned), ledger.pending()), (250, 250, 0), "{ledger}");
    track(&analytics);
    assert_eq!(analytics.ledger().dropped(DropReason::Closed), 1);
}

#[test]
fn an_attempt_ends_at_its_timeout_and_is_made_again() {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    config.delivery.request_timeout = Duration::from_millis(200);
    let analytics = spawn(config);
    inspector.inject(Fault::never_answer());
    track(&analytics);
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (1, 0));
    assert_eq!(inspector.requests().iter().map(|request| request.status).collect::<Vec<_>>(), [None, Some(200)]);
}

#[test]
fn an_answer_that_is_final_drops_its_batch_under_its_name() {
    let not_found = r#"{"type":"invalid_request","code":"not_found","detail":"Not found."}"#;
    for (fault, reason) in
        [(Fault::status(402), DropReason::OverQuota), (Fault::status(404).with_body(not_found), DropReason::Refused)]
    {
        let inspector = inspector();
        let analytics = spawn(config(&inspector.url()));
        inspector.inject(fault);
        track(&analytics);
        let ledger = analytics.flush_blocking(LONG);
        assert_eq!((ledger.dropped(reason), ledger.traffic().requests), (1, 1), "{reason}: {ledger}");
        track(&analytics);
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1, "the next batch has a chance of its own");
    }
}

#[test]
fn a_server_that_does_not_know_the_key_is_asked_once_and_nobody_waits_for_it() {
    let denied = r#"{"type":"authentication_error","code":"permission_denied","detail":"No."}"#;
    for fault in [Fault::status(401), Fault::status(403).with_body(denied)] {
        let inspector = inspector();
        let analytics = spawn(config(&inspector.url()));
        inspector.inject(fault);
        for dropped in 1..=3 {
            track(&analytics);
            assert_eq!(analytics.flush_blocking(LONG).dropped(DropReason::Unauthorized), dropped);
        }
        assert_eq!((analytics.shutdown_blocking(LONG).captured(), inspector.totals().requests), (3, 1));
    }
}

#[test]
fn a_batch_that_is_too_large_is_halved_down_to_the_culprit() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    inspector.inject(Fault::status(413).times(2));
    (0..8).for_each(|_| track(&analytics));
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (8, 0));
    let sizes: Vec<_> = inspector.requests().iter().map(|request| (request.events, request.status)).collect();
    assert_eq!(sizes, [(8, Some(413)), (4, Some(413)), (2, Some(200)), (2, Some(200)), (4, Some(200))]);
}

#[test]
fn a_server_that_finds_every_size_too_large_ends_the_halving() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    inspector.inject(Fault::status(413).always());
    (0..8).for_each(|_| track(&analytics));
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!(ledger.dropped(DropReason::TooLarge), 8);
    assert_eq!(inspector.totals().requests, 2 * 8 - 1);
}

#[test]
fn the_number_of_retries_is_exact() {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    config.delivery.max_retries = Some(2);
    let analytics = spawn(config);
    inspector.inject(Fault::status(503).always());
    track(&analytics);
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.dropped(DropReason::RetriesSpent), inspector.totals().requests), (1, 3));
}

#[test]
fn a_redirect_is_not_followed() {
    let (inspector, elsewhere) = (inspector(), inspector());
    let analytics = spawn(config(&inspector.url()));
    for status in [301, 302, 303, 307, 308] {
        inspector.inject(Fault::status(status).with_header("Location", format!("{}/batch/", elsewhere.url())));
    }
    track(&analytics);
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost(), inspector.totals().requests), (1, 0, 6));
    assert_eq!(elsewhere.totals().requests, 0);
}

#[test]
fn nobody_at_the_other_end_is_waited_for() {
    // Bound, so that nobody else takes the port, and never listened on: connections are refused.
    let holder = tokio::net::TcpSocket::new_v4().unwrap();
    holder.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let analytics = spawn(config(&format!("http://{}", holder.local_addr().unwrap())));
    (0..5).for_each(|_| track(&analytics));
    let ledger = analytics.shutdown_blocking(Duration::from_millis(200));
    assert_eq!((ledger.captured(), ledger.dropped(DropReason::Abandoned)), (5, 5), "{ledger}");
}

#[test]
fn a_sink_that_is_dropped_delivers_while_the_process_lives() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    (0..3).for_each(|_| track(&analytics));
    drop(analytics);
    assert!(inspector.wait_for(3, LONG));
}
