//! Sinks that wrap sinks.

use std::time::Duration;

use analytics_core::{
    Actor, Analytics, AnalyticsSink, Captured, CopilotEvent, DropReason, Fanout, Filter, Health, Lane, Ledger, Record,
    Sample, async_trait,
};

use crate::support::{CSV, Keeping, track};

const GRACE: Duration = Duration::from_secs(60);

#[test]
fn a_filter_holds_back_events_and_counts_them() {
    let sink = Keeping::default();
    let filter = Filter::new(sink.clone())
        .without_events([CopilotEvent::MESSAGE_SENT])
        .keep_events(|record| record.actor() != Actor::user("internal"))
        .keep_properties(|property| property.key().name() != "rows");
    assert!(format!("{filter:?}").contains("events: 2"));
    let analytics = Analytics::new(filter);
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s", message_length: 1 });
    analytics.track(Actor::user("internal"), CSV);
    analytics.identify("u1").set(&CSV).track();
    track(&analytics);
    assert_eq!(sink.lines(), ["u1 identify set format=csv", "u1 report_exported format=csv"]);
    for ledger in [analytics.ledger(), analytics.flush_blocking(GRACE), analytics.shutdown_blocking(GRACE)] {
        assert_eq!((ledger.captured(), ledger.dropped(DropReason::Filtered), ledger.lost()), (4, 2, 0));
    }
}

#[test]
fn a_filter_leaves_out_the_properties_that_it_names() {
    let sink = Keeping::default();
    let analytics = Analytics::new(Filter::new(sink.clone()).without_properties(["rows", "no such key"]));
    track(&analytics);
    analytics.identify("u1").set(&CSV).track();
    assert_eq!(sink.lines(), ["u1 report_exported format=csv", "u1 identify set format=csv"]);
}

#[test]
fn a_sample_takes_an_actor_whole_or_not_at_all() {
    let sink = Keeping::default();
    let analytics = Analytics::new(Sample::new(sink.clone(), 0.25).unwrap());
    for user in 0..400_u64 {
        (0..3).for_each(|_| analytics.track(Actor::user(user), CSV));
    }
    let ledger = analytics.ledger();
    assert_eq!((ledger.captured(), ledger.delivered() % 3), (1_200, 0));
    assert!((60..140).contains(&(ledger.delivered() / 3)), "about a quarter of 400: {ledger}");
    assert_eq!(ledger.dropped(DropReason::Sampled) + ledger.delivered(), 1_200);
    for ledger in [analytics.flush_blocking(GRACE), analytics.shutdown_blocking(GRACE)] {
        assert_eq!((ledger.captured(), ledger.lost()), (1_200, 0));
    }
}

#[test]
fn the_ends_of_a_rate_take_all_and_none_and_beyond_them_is_an_error() {
    for (rate, expected) in [(0.0, 0), (1.0, 50)] {
        let sink = Keeping::default();
        let analytics = Analytics::new(Sample::new(sink.clone(), rate).unwrap());
        (0..50_u64).for_each(|user| analytics.track(Actor::user(user), CSV));
        assert_eq!(sink.records().len(), expected);
    }
    for rate in [-0.1, 1.1, f64::NAN] {
        let error = Sample::new(Keeping::default(), rate).unwrap_err().to_string();
        assert!(error.contains("from 0 to 1"), "{error}");
    }
}

/// A sink that panics in whatever it is asked.
#[derive(Debug)]
struct Panicking;

#[async_trait]
impl AnalyticsSink for Panicking {
    fn capture(&self, _record: &Record<'_>) -> Captured {
        panic!("a mock's expectation failed")
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        panic!("flush")
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        std::future::pending().await
    }

    fn ledger(&self) -> Ledger {
        Ledger::new()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        Health::Ok
    }
}

#[test]
fn a_sink_that_panics_or_stalls_does_not_hurt_the_others() {
    let (before, after) = (Keeping::default(), Keeping::default());
    let fanout = std::sync::Arc::new(
        Fanout::new().with("before", before.clone()).with("panicking", Panicking).with("after", after.clone()),
    );
    let analytics = Analytics::new(std::sync::Arc::clone(&fanout));
    let tracked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| track(&analytics)));
    assert_eq!(tracked.is_err(), cfg!(debug_assertions), "resumed so that a test sees it");
    assert_eq!((before.records().len(), after.records().len()), (1, 1));
    assert_eq!(before.last().id(), after.last().id());
    assert_eq!(analytics.flush_blocking(GRACE).captured(), 3);
    let ledger = analytics.shutdown_blocking(Duration::from_millis(10));
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Panicked)), (2, 1));
    let names: Vec<_> = fanout.ledgers().iter().map(|(name, ledger)| (*name, ledger.delivered())).collect();
    assert_eq!(names, [("before", 1), ("panicking", 0), ("after", 1)]);
}

#[test]
fn a_fan_out_to_nobody_counts_what_it_is_given() {
    let analytics = Analytics::new(Fanout::new());
    track(&analytics);
    assert_eq!(analytics.ledger().dropped(DropReason::Disabled), 1);
}

/// Offers records as ones that wait for room, and keeps the answers.
#[derive(Debug)]
struct Waiting(Fanout, std::sync::Mutex<Vec<Captured>>);

#[async_trait]
impl AnalyticsSink for Waiting {
    fn capture(&self, record: &Record<'_>) -> Captured {
        let captured = self.0.capture(&record.waiting_for_room());
        self.1.lock().unwrap().push(captured);
        captured
    }

    async fn room(&self, lane: Lane) {
        self.0.room(lane).await;
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        self.0.flush(grace).await
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        self.0.shutdown(grace).await
    }

    fn ledger(&self) -> Ledger {
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
fn only_the_first_sink_of_a_fan_out_can_make_a_caller_wait() {
    let full = || Keeping { refuses: true, ..Keeping::default() };
    for (fanout, answer, captured) in [
        (Fanout::new().with("full", full()).with("free", Keeping::default()), Captured::NoRoom, 0),
        (Fanout::new().with("free", Keeping::default()).with("full", full()), Captured::Kept, 2),
    ] {
        let sink = std::sync::Arc::new(Waiting(fanout, std::sync::Mutex::default()));
        let analytics = Analytics::new(std::sync::Arc::clone(&sink));
        track(&analytics);
        assert_eq!(*sink.1.lock().unwrap(), [answer]);
        assert_eq!(analytics.ledger().captured(), captured, "nobody is given a record twice");
        analytics_core::block_on(sink.room(Lane::Product));
    }
}

#[test]
fn a_fan_out_whose_first_sink_drops_says_why_unless_another_keeps() {
    let full = || Keeping { refuses: true, ..Keeping::default() };
    let analytics = Analytics::new(Fanout::new().with("one", full()).with("two", full()));
    track(&analytics);
    assert_eq!(analytics.ledger().dropped(DropReason::QueueFull), 2);
}

#[test]
fn pointers_to_sinks_forward_everything() {
    let sink = Keeping::default();
    let boxed: Box<dyn AnalyticsSink> = Box::new(std::sync::Arc::new(sink.clone()));
    let analytics = Analytics::new(boxed);
    track(&analytics);
    let ledgers = [analytics.ledger(), analytics.flush_blocking(GRACE), analytics.shutdown_blocking(GRACE)];
    assert!(ledgers.iter().all(|ledger| ledger.delivered() == 1));
}

#[test]
fn a_guard_shuts_down_when_it_is_dropped() {
    /// Counts its shutdowns.
    #[derive(Clone, Debug, Default)]
    struct Counting(std::sync::Arc<std::sync::Mutex<Vec<Duration>>>);

    #[async_trait]
    impl AnalyticsSink for Counting {
        fn capture(&self, _record: &Record<'_>) -> Captured {
            Captured::Kept
        }

        async fn room(&self, _lane: Lane) {}

        async fn flush(&self, _grace: Duration) -> Ledger {
            Ledger::new()
        }

        async fn shutdown(&self, grace: Duration) -> Ledger {
            self.0.lock().unwrap().push(grace);
            Ledger::new()
        }

        fn ledger(&self) -> Ledger {
            Ledger::new()
        }

        fn purge(&self, _reason: DropReason) -> u64 {
            0
        }

        fn health(&self) -> Health {
            Health::Ok
        }
    }

    let sink = Counting::default();
    let guard = Analytics::new(sink.clone()).shutdown_on_drop(GRACE);
    assert!(sink.0.lock().unwrap().is_empty());
    drop(guard);
    assert_eq!(*sink.0.lock().unwrap(), [GRACE]);
}
