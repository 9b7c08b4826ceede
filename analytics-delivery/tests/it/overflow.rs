//! A queue that is full, and a producer that waits for it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Barrier};
use std::task::{Context, Waker};
use std::time::Instant;

use analytics_core::{Actor, Analytics, CopilotEvent, DropReason, block_on};
use analytics_delivery::{DeliveryConfig, Outcome, Overflow};

use crate::support::{Act, LONG, Scripted, track};

fn small() -> DeliveryConfig {
    let mut config = DeliveryConfig::default();
    config.queue_events = NonZeroUsize::new(2).unwrap();
    config.flush_at = NonZeroUsize::MIN;
    config
}

fn event(session_id: &str) -> CopilotEvent<'_> {
    CopilotEvent::MessageSent { session_id, message_length: 1 }
}

#[test]
fn a_producer_that_waits_for_room_loses_nothing() {
    let transport = Scripted::acting([Act::Answer(Outcome::Retry { after: None })]);
    let analytics = transport.start(small());
    std::thread::scope(|scope| {
        for producer in ["a", "b", "c"] {
            let analytics = analytics.clone();
            scope.spawn(move || {
                for _ in 0..50 {
                    block_on(analytics.by(Actor::user("u1")).track_when_room(event(producer)));
                }
            });
        }
    });
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.captured(), ledger.delivered(), ledger.lost()), (150, 150, 0));
}

#[test]
fn whoever_waits_for_room_is_let_go_when_the_sink_closes() {
    let analytics = Scripted::acting([Act::Hang]).start(small());
    track(&analytics, "one");
    track(&analytics, "two");
    let waiting = |analytics: &Analytics| {
        let analytics = analytics.clone();
        Box::pin(async move { analytics.track_when_room(Actor::user("u1"), event("three")).await })
    };
    let (mut given_up, mut waits) = (waiting(&analytics), waiting(&analytics));
    let mut context = Context::from_waker(Waker::noop());
    assert!(given_up.as_mut().poll(&mut context).is_pending() && waits.as_mut().poll(&mut context).is_pending());
    assert_eq!(analytics.ledger().captured(), 2, "who waits is not counted");
    drop(given_up);
    let ledger = analytics.shutdown_blocking(std::time::Duration::ZERO);
    block_on(waits);
    assert_eq!((ledger.captured(), analytics.ledger().dropped(DropReason::Closed)), (2, 1));
}

#[test]
fn an_invalid_actor_waits_for_nothing() {
    let analytics = Scripted::default().start(small());
    block_on(analytics.track_when_room(Actor::user(""), event("one")));
    assert_eq!(analytics.ledger().dropped(DropReason::InvalidActor), 1);
}

#[test]
fn a_queue_may_keep_what_happened_last() {
    let mut config = small();
    config.queue_events = NonZeroUsize::new(11).unwrap();
    config.overflow = Overflow::DropOldest;
    let gate = Arc::new(Barrier::new(2));
    let transport = Scripted::acting([Act::BlockUntil(Arc::clone(&gate))]);
    let analytics = transport.start(config);
    track(&analytics, "on its way");
    let begun = Instant::now();
    while transport.batches().is_empty() {
        assert!(begun.elapsed() < LONG, "nothing is sent");
        std::thread::yield_now();
    }
    (0..25).for_each(|number: u32| track(&analytics, &number.to_string()));
    gate.wait();
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::QueueFull)), (11, 15));
    let sent: Vec<_> = transport.batches().concat();
    assert!(sent[1].contains("session_id=\"15\"") && sent[10].contains("session_id=\"24\""), "{sent:?}");
}

/// One poll of whoever waits must come back; the runner's own time-out would be the other answer.
fn poll_once(waits: &mut std::pin::Pin<Box<dyn Future<Output = ()> + Send>>) -> bool {
    waits.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[test]
fn one_poll_of_whoever_waits_for_room_returns() {
    // 10 kB of room, of which 8 kB hang in a request; the next event has 2 kB.
    let mut config = DeliveryConfig::default();
    config.queue_bytes = NonZeroUsize::new(10_000).unwrap();
    let analytics = Scripted::acting([Act::Hang]).start(config);
    let long = "x".repeat(2_000);
    (0..4).for_each(|_| track(&analytics, &long));
    assert_eq!(analytics.ledger().pending(), 4);
    let mut waits: std::pin::Pin<Box<dyn Future<Output = ()> + Send>> = {
        let analytics = analytics.clone();
        Box::pin(async move { analytics.track_when_room(Actor::user("u1"), event(&long)).await })
    };
    assert!(poll_once(&mut waits));
    assert_eq!(analytics.ledger().captured(), 4);
}

#[test]
fn an_event_that_can_never_fit_is_dropped_and_not_waited_for() {
    let mut config = DeliveryConfig::default();
    config.queue_bytes = NonZeroUsize::new(10_000).unwrap();
    let analytics = Scripted::default().start(config);
    block_on(analytics.track_when_room(Actor::user("u1"), event(&"x".repeat(20_000))));
    assert_eq!(analytics.ledger().dropped(DropReason::TooLarge), 1);
}

#[test]
fn a_producer_that_waits_for_room_loses_nothing_where_the_oldest_are_dropped_either() {
    let mut config = small();
    config.overflow = Overflow::DropOldest;
    let analytics = Scripted::acting([Act::Answer(Outcome::Retry { after: None })]).start(config);
    (0..50).for_each(|_| block_on(analytics.track_when_room(Actor::user("u1"), event("s1"))));
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 50);
}

#[test]
fn a_queue_without_a_limit_of_events_is_a_queue() {
    let mut config = DeliveryConfig::default();
    (config.queue_events, config.queue_bytes) = (NonZeroUsize::MAX, NonZeroUsize::MAX);
    let analytics = Scripted::default().start(config);
    track(&analytics, "s1");
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
}
