//! The ledger against an oracle outside the sink.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use analytics_core::{Actor, CopilotEvent};
use analytics_inspector::Fault;

use crate::support::{LONG, config, inspector, spawn, track};

const THREADS: u64 = 4;
const EVENTS: u64 = 5_000;

/// The test counts its own calls, the server counts the unique uuids that it answered with a 2xx, and a thread reads
/// the ledger all the while: what it has captured lies between the calls that ended and the calls that began.
#[test]
fn what_was_tracked_is_what_arrived_and_every_sample_balances() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    inspector.inject(Fault::status(503));
    let (begun, ended, done) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let mut ids = HashSet::new();
    let samples = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut samples = 0_u64;
            while !done.load(Ordering::SeqCst) {
                let low = ended.load(Ordering::SeqCst);
                let ledger = analytics.ledger();
                let high = begun.load(Ordering::SeqCst);
                assert!((low..=high).contains(&ledger.captured()), "{low} ≤ {ledger} ≤ {high}");
                samples += 1;
            }
            samples
        });
        let producers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 1 };
                    let track = |_| {
                        begun.fetch_add(1, Ordering::SeqCst);
                        let id = analytics.event(Actor::user("u1"), event).track();
                        ended.fetch_add(1, Ordering::SeqCst);
                        id.to_string()
                    };
                    (0..EVENTS).map(track).collect::<Vec<_>>()
                })
            })
            .collect();
        ids.extend(producers.into_iter().flat_map(|producer| producer.join().unwrap()));
        let ledger = analytics.shutdown_blocking(LONG);
        assert!(ledger.accounts_for(THREADS * EVENTS), "{ledger}");
        assert_eq!((ledger.delivered(), ledger.pending()), (THREADS * EVENTS, 0));
        done.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    assert!(samples > 0);
    assert_eq!(inspector.totals().unique_events, THREADS * EVENTS);
    assert_eq!(inspector.uuids(), ids, "the same events, not only as many");
}

#[test]
fn a_flush_is_a_barrier_and_one_event_makes_one_request() {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    config.delivery.flush_at = crate::support::count(1);
    let analytics = spawn(config);
    for round in 1..=5 {
        track(&analytics);
        assert_eq!(analytics.flush_blocking(LONG).delivered(), round);
        assert_eq!(inspector.totals().unique_events, round);
        assert_eq!(inspector.totals().requests, round);
    }
}

#[test]
fn sparse_events_are_sent_when_the_interval_is_over() {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    config.delivery.flush_interval = std::time::Duration::from_millis(20);
    let analytics = spawn(config);
    track(&analytics);
    assert!(inspector.wait_for(1, LONG), "nobody flushes and nobody shuts down");
}

#[test]
fn two_sinks_in_one_process_know_nothing_of_each_other() {
    let (one_server, two_server) = (inspector(), inspector());
    let (one, two) = (spawn(config(&one_server.url())), spawn(config(&two_server.url())));
    track(&one);
    one.shutdown_blocking(LONG);
    track(&two);
    track(&two);
    assert_eq!(two.shutdown_blocking(LONG).delivered(), 2);
    assert_eq!((one_server.totals().unique_events, two_server.totals().unique_events), (1, 2));
}

#[test]
fn handles_of_one_sink_share_its_ledger() {
    let inspector = inspector();
    let analytics = Arc::new(spawn(config(&inspector.url())));
    let scoped = analytics.with("environment", "test");
    track(&scoped);
    assert_eq!(analytics.ledger().captured(), 1);
    assert_eq!(scoped.shutdown_blocking(LONG), analytics.ledger());
}
