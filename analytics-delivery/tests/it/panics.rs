//! The host's code panics where the engine calls it.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use analytics_core::{Actor, Analytics, AnalyticsSink as _, CopilotEvent, DropReason, Health, Settlement, block_on};
use analytics_delivery::{DeliveryConfig, DeliverySink, Observers, Outcome};

use crate::support::{Act, LONG, Lines, Scripted, track};

/// A panic's payload that panics when it is dropped.
struct Spiteful;

impl Drop for Spiteful {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a payload panics, as told");
    }
}

#[test]
fn of_several_observers_one_that_panics_keeps_none_of_the_others_from_a_notice() {
    let refused = || Act::Answer(Outcome::Refused(DropReason::Refused));
    let transport = Scripted::acting((0..5).map(|_| refused()));
    let told: [Arc<AtomicUsize>; 3] = std::array::from_fn(|_| Arc::default());
    let counting = |place: usize, panics: bool| {
        let told = Arc::clone(&told[place]);
        move || {
            told.fetch_add(1, Ordering::SeqCst);
            if panics {
                std::panic::panic_any(Spiteful);
            }
        }
    };
    let (first, second, third) = (counting(0, true), counting(1, false), counting(2, true));
    let (batch, measure) = (counting(2, true), counting(2, true));
    let observers = Observers::new()
        .on_drop(move |_| first())
        .on_drop(move |_| second())
        .on_drop(move |_| third())
        .on_batch(move |_| batch())
        .on_snapshot(move |_| measure());
    let sink = Arc::new(DeliverySink::spawn_observed(Lines, transport, DeliveryConfig::default(), observers).unwrap());
    let analytics = Analytics::new(Arc::clone(&sink));
    for events in 1..=6 {
        track(&analytics, "s1");
        assert_eq!(analytics.flush_blocking(LONG).captured(), events);
    }
    assert_eq!((analytics.ledger().lost(), analytics.ledger().delivered()), (5, 1));
    assert_eq!([0, 1].map(|place: usize| told[place].load(Ordering::SeqCst)), [5, 5]);
    assert!(told[2].load(Ordering::SeqCst) >= 15, "batches and measures are told as well");
    assert_eq!((sink.health(), sink.missed_notices()), (Health::Ok, 0));
}

/// Panics when it is woken, and counts that.
struct RudeWaker(Arc<AtomicUsize>);

impl Wake for RudeWaker {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::panic::panic_any(Spiteful);
    }
}

/// Polls a future with a waker that panics; it waits from then on.
fn wait_rudely<F: Future>(future: Pin<&mut F>, woken: &Arc<AtomicUsize>) {
    let waker = Waker::from(Arc::new(RudeWaker(Arc::clone(woken))));
    assert!(future.poll(&mut Context::from_waker(&waker)).is_pending());
}

#[test]
fn tasks_whose_wakers_panic_close_no_sink_and_keep_nobody_else_asleep() {
    let mut config = DeliveryConfig::default();
    config.queue_events = std::num::NonZeroUsize::new(2).unwrap();
    let gate = Arc::new(Barrier::new(2));
    let transport = Scripted::acting([Act::BlockUntil(Arc::clone(&gate))]);
    let analytics = transport.start(config);
    let woken = Arc::new(AtomicUsize::new(0));
    let sent = analytics.send(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 1 });
    track(&analytics, "s1");

    // Twelve tasks wait for a flush, twelve for room, one for the answer, each with such a waker.
    let mut flushes: Vec<_> = (0..12).map(|_| Box::pin(analytics.flush(LONG))).collect();
    let event = |session_id| CopilotEvent::MessageSent { session_id, message_length: 1 };
    let mut waiting: Vec<_> =
        (0..12).map(|_| Box::pin(analytics.track_when_room(Actor::user("u1"), event("w")))).collect();
    let mut sent = pin!(sent);
    for flush in &mut flushes {
        wait_rudely(flush.as_mut(), &woken);
    }
    for room in &mut waiting {
        wait_rudely(room.as_mut(), &woken);
    }
    wait_rudely(sent.as_mut(), &woken);
    // And behind them somebody who is to be woken all the same.
    let beside = analytics.clone();
    let patient = std::thread::spawn(move || beside.flush_blocking(LONG));
    gate.wait();
    assert_eq!(patient.join().unwrap().pending(), 0);
    // Whoever is polled again before it is woken is woken by another waker.
    let begun = Instant::now();
    while woken.load(Ordering::SeqCst) < 25 {
        assert!(begun.elapsed() < LONG, "{woken:?} of the wakers were called");
        std::thread::yield_now();
    }

    assert_eq!(block_on(sent), Settlement::Delivered);
    for flush in flushes {
        assert_eq!(block_on(flush).pending(), 0);
    }
    let mut tracked = 2;
    for room in waiting {
        block_on(room);
        tracked += 1;
        assert_eq!(analytics.flush_blocking(LONG).delivered(), tracked);
    }
    assert_eq!((analytics.health(), analytics.ledger().captured()), (Health::Ok, 14));
}

#[test]
fn a_waker_that_flushes_waits_for_no_wake_up_of_its_own() {
    struct Flushing(Analytics);

    impl Wake for Flushing {
        fn wake(self: Arc<Self>) {
            // On the worker's thread, and on that of whoever displaces.
            assert_eq!(self.0.flush_blocking(std::time::Duration::from_secs(86_400)).captured(), 2);
        }
    }

    let gate = Arc::new(Barrier::new(2));
    let analytics = Scripted::acting([Act::BlockUntil(Arc::clone(&gate))]).start(DeliveryConfig::default());
    track(&analytics, "s1");
    let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 1 };
    let mut sent = pin!(analytics.send(Actor::user("u1"), event));
    let waker = Waker::from(Arc::new(Flushing(analytics.clone())));
    assert_eq!(sent.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
    drop(waker);
    let flushing = analytics.clone();
    let flush = std::thread::spawn(move || flushing.flush_blocking(LONG));
    gate.wait();
    assert_eq!(flush.join().unwrap().delivered(), 2);
    assert_eq!(block_on(sent), Settlement::Delivered);
}

#[test]
fn a_transport_whose_panic_cannot_be_dropped_is_asked_again() {
    let transport = Scripted::acting([Act::PanicSpitefully]);
    let analytics = transport.start(DeliveryConfig::default());
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    assert_eq!(transport.batches().len(), 2);
}

#[test]
fn an_encoder_that_panics_costs_its_event_and_the_id_of_a_notice() {
    use analytics_core::{EventId, Record, Refusal};
    use analytics_delivery::{Encoded, Encoder, OrderKey, Route};

    /// Panics for events whose line names it.
    #[derive(Debug)]
    struct Rude;

    impl Encoder for Rude {
        fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
            assert!(!record.to_string().contains("encode-panics"), "as told");
            Lines.encode(record, out)
        }

        fn order(&self, record: &Record<'_>) -> OrderKey {
            OrderKey::of_record(record)
        }

        fn route(&self, record: &Record<'_>) -> Route {
            assert!(!record.to_string().contains("route-panics"), "as told");
            Lines.route(record)
        }

        fn event_id(&self, _event: &[u8]) -> Option<EventId> {
            std::panic::panic_any(Spiteful)
        }
    }

    let transport = Scripted::acting([Act::Answer(Outcome::Refused(DropReason::Refused))]);
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let observers = Observers::new().on_drop(move |dropped| {
        assert!(dropped.bytes().is_none() == dropped.id().is_some(), "an id is the record's, or nobody's");
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let sink = DeliverySink::spawn_observed(Rude, transport, DeliveryConfig::default(), observers).unwrap();
    let analytics = Analytics::new(sink);
    for session in ["encode-panics", "plain", "route-panics"] {
        track(&analytics, session);
    }
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.dropped(DropReason::Panicked), ledger.dropped(DropReason::Refused)), (2, 1), "{ledger}");
    assert_eq!(told.load(Ordering::SeqCst), 3);
}
