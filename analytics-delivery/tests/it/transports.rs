//! Transports that do what no server can.

use std::sync::Arc;
use std::time::Duration;

use analytics_core::{Actor, AnalyticsSink, Captured, CopilotEvent, DropReason, Event, Lane, PropertyFilter};
use analytics_delivery::{DeliveryConfig, DeliverySink, Health, Outcome, Verdict};

use crate::support::{Act, LONG, Lines, Scripted, flush_until, track};

#[test]
fn a_transport_that_panics_twice_loses_nothing() {
    let transport = Scripted::acting([Act::Panic, Act::Panic]);
    let analytics = transport.start(DeliveryConfig::default());
    (0..3).for_each(|_| track(&analytics, "s1"));
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 3);
    assert_eq!(transport.batches().len(), 3);
}

#[test]
fn events_with_which_it_panics_thrice_are_given_up() {
    let transport = Scripted::acting([Act::Panic, Act::Panic, Act::Panic]);
    let analytics = transport.start(DeliveryConfig::default());
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).dropped(DropReason::Panicked), 1);
    track(&analytics, "s2");
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1, "the worker lives");
}

#[test]
fn an_attempt_that_hangs_ends_at_the_timeout_whatever_the_transport_does() {
    let transport = Scripted::acting([Act::Hang]);
    let mut config = DeliveryConfig::default();
    config.request_timeout = Duration::from_millis(50);
    let analytics = transport.start(config);
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
}

#[test]
fn a_hanging_attempt_holds_what_its_actors_did_since_and_nothing_else() {
    let transport = Scripted::acting([Act::Hang]);
    let analytics = transport.start(DeliveryConfig::default());
    track(&analytics, "hangs");
    let ledger = flush_until(&analytics, |ledger| ledger.traffic().requests == 1);
    assert_eq!((ledger.pending(), ledger.lost()), (1, 0), "a flush drops nothing");
    track(&analytics, "waits: it is the same user's");
    analytics.track(Actor::user("u2"), CopilotEvent::MessageSent { session_id: "passes", message_length: 1 });
    let ledger = flush_until(&analytics, |ledger| ledger.delivered() == 1);
    assert_eq!((ledger.pending(), ledger.traffic().requests), (2, 2));
    let ledger = analytics.shutdown_blocking(Duration::from_millis(50));
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Abandoned)), (1, 2));
    assert_eq!(transport.batches()[1], ["u2 copilot_message_sent session_id=passes message_length=1"]);
}

#[test]
fn events_of_the_workers_own_thread_are_refused() {
    let transport = Scripted::acting([Act::Track]);
    let analytics = transport.start(DeliveryConfig::default());
    track(&analytics, "s1");
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Feedback)), (1, 1));
    assert_eq!(transport.batches().len(), 1);
}

#[test]
fn each_event_has_its_verdict_and_only_what_asks_for_it_is_sent_again() {
    let verdicts = vec![Verdict::Delivered, Verdict::Dropped(DropReason::Refused), Verdict::Retry];
    let transport = Scripted::acting([Act::Answer(Outcome::PerEvent { verdicts, after: None })]);
    let analytics = transport.start(DeliveryConfig::default());
    for session_id in ["s1", "s2", "s3", "s4"] {
        track(&analytics, session_id);
    }
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Refused)), (3, 1));
    assert_eq!(transport.batches()[1], ["u1 copilot_message_sent session_id=s3 message_length=1"]);
}

fn sizes(transport: &Scripted) -> Vec<usize> {
    transport.batches().iter().map(Vec::len).collect()
}

#[test]
fn a_batch_that_is_too_large_or_poisoned_is_sent_in_halves() {
    for outcome in [Outcome::Split, Outcome::Poisoned] {
        let transport = Scripted::acting([Act::Answer(outcome.clone()), Act::Answer(outcome)]);
        let analytics = transport.start(DeliveryConfig::default());
        (0..8).for_each(|_| track(&analytics, "s1"));
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 8);
        assert_eq!(sizes(&transport), [8, 4, 2, 2, 4]);
    }
}

#[test]
fn an_event_that_is_too_large_or_poisoned_alone_is_dropped_under_its_name() {
    for (outcome, reason) in [(Outcome::Split, DropReason::TooLarge), (Outcome::Poisoned, DropReason::Refused)] {
        let transport = Scripted::acting((0..3).map(|_| Act::Answer(outcome.clone())));
        let analytics = transport.start(DeliveryConfig::default());
        (0..4).for_each(|_| track(&analytics, "s1"));
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.dropped(reason)), (3, 1), "{ledger}");
        assert_eq!(sizes(&transport), [4, 2, 1, 1, 2]);
    }
}

#[test]
fn when_a_part_fails_the_rest_waits_in_the_queue() {
    let transport = Scripted::acting([Act::Answer(Outcome::Split), Act::Answer(Outcome::Retry { after: None })]);
    let analytics = transport.start(DeliveryConfig::default());
    (0..8).for_each(|_| track(&analytics, "s1"));
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 8);
    assert_eq!(sizes(&transport), [8, 4, 4, 4]);
    let attempts = transport.attempts();
    let (failed, retried) = (attempts[1], attempts[2]);
    assert_eq!(
        (failed, retried),
        ((failed.0, 1), (failed.0, 2)),
        "not the other half, to a server that has just failed"
    );
}

#[derive(Event)]
#[event(name = "$ai_generation", lane = "ai")]
struct Generation;

#[test]
fn events_of_different_routes_never_share_a_batch() {
    let transport = Scripted::default();
    let analytics = transport.start(DeliveryConfig::default());
    track(&analytics, "s1");
    analytics.track(Actor::user("u1"), Generation);
    track(&analytics, "s2");
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 3);
    let mut sizes: Vec<_> = transport.batches().iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 2]);
}

#[test]
fn health_tells_what_the_last_attempts_came_to() {
    let retry = || Act::Answer(Outcome::Retry { after: None });
    let unauthorized = Act::Answer(Outcome::Refused(DropReason::Unauthorized));
    let transport = Scripted::acting([retry(), Act::Answer(Outcome::Delivered), unauthorized]);
    let requests = transport.clone();
    let mut config = DeliveryConfig::default();
    config.max_retries = Some(0);
    let sink = Arc::new(DeliverySink::spawn(Lines, transport, config).unwrap());
    let analytics = analytics_core::Analytics::new(Arc::clone(&sink));
    assert_eq!(sink.health(), Health::Ok);
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).dropped(DropReason::RetriesSpent), 1);
    assert!(matches!(sink.health(), Health::Failing { last, .. } if last == "as told"));
    track(&analytics, "s2");
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    assert_eq!(sink.health(), Health::Ok);
    for session in ["s3", "s4"] {
        track(&analytics, session);
        assert_eq!((analytics.flush_blocking(LONG).pending(), sink.health()), (0, Health::Unauthorized));
    }
    assert_eq!((analytics.ledger().dropped(DropReason::Unauthorized), requests.batches().len()), (2, 3), "asked once");
    analytics.shutdown_blocking(LONG);
    assert_eq!(sink.health(), Health::Closed);
}

/// Offers every record as one that waits for room.
#[derive(Debug)]
struct Waiting(Arc<DeliverySink>, std::sync::Mutex<Vec<Captured>>);

#[analytics_core::async_trait]
impl AnalyticsSink for Waiting {
    fn capture(&self, record: &analytics_core::Record<'_>) -> Captured {
        let keep_all = |_: &analytics_core::Property<'_>| true;
        let filter: &dyn PropertyFilter = &keep_all;
        let captured = self.0.capture(&record.waiting_for_room().filtered(filter));
        self.1.lock().unwrap().push(captured);
        captured
    }

    async fn room(&self, lane: Lane) {
        self.0.room(lane).await;
    }

    async fn flush(&self, grace: Duration) -> analytics_core::Ledger {
        self.0.flush(grace).await
    }

    async fn shutdown(&self, grace: Duration) -> analytics_core::Ledger {
        self.0.shutdown(grace).await
    }

    fn ledger(&self) -> analytics_core::Ledger {
        self.0.ledger()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        self.0.health()
    }
}

#[test]
fn a_record_that_waits_for_room_is_not_counted_and_room_wakes_its_caller() {
    let mut config = DeliveryConfig::default();
    config.queue_events = std::num::NonZeroUsize::new(2).unwrap();
    let inner = Arc::new(DeliverySink::spawn(Lines, Scripted::acting([Act::Hang]), config).unwrap());
    let sink = Arc::new(Waiting(Arc::clone(&inner), std::sync::Mutex::default()));
    let analytics = analytics_core::Analytics::new(Arc::clone(&sink));
    (0..3).for_each(|_| track(&analytics, "s1"));
    assert_eq!(*sink.1.lock().unwrap(), [Captured::Kept, Captured::Kept, Captured::NoRoom]);
    assert_eq!(inner.ledger().captured(), 2);
    std::thread::scope(|scope| {
        scope.spawn(|| analytics_core::block_on(inner.room(Lane::Product)));
        // The first batch hangs until the shutdown's grace is over; then there is no room to wait for any more.
        assert_eq!(analytics.shutdown_blocking(Duration::from_millis(50)).captured(), 2);
    });
}
