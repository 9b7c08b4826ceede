//! The host's code panics, wherever it is called: that event is lost, under its name, and nothing else.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use analytics_core::{
    Actor, Analytics, AnalyticsSink, Captured, Clock, DropReason, DynamicEvent, Event, EventDescription, Fanout,
    Filter, Health, Lane, Ledger, Properties, Property, PropertyFilter, PropertyVisitor, Receipt, Record, Settlement,
    Value, async_trait, block_on, timeout,
};

use crate::support::{CSV, Keeping, service, track};

/// Where an event's own code panics.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Name,
    Description,
    Properties,
    Drop,
}

struct Panicking(At);

impl Properties for Panicking {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        assert!(self.0 != At::Properties, "properties panic, as told");
        visitor.value(&analytics_core::Key::new("n"), Value::U64(1));
    }
}

impl Event for Panicking {
    fn name(&self) -> &'static str {
        assert!(self.0 != At::Name, "a name panics, as told");
        "panicking"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        assert!(self.0 != At::Description, "a description panics, as told");
        None
    }
}

impl Drop for Panicking {
    fn drop(&mut self) {
        assert!(self.0 != At::Drop || std::thread::panicking(), "an event's drop panics, as told");
    }
}

struct Unshowable;

impl fmt::Display for Unshowable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::panic::panic_any(PanicsWhenDropped)
    }
}

/// A panic's payload.
struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a payload panics, as told");
    }
}

/// Fails unless each of `calls` costs one event, as panicked, and a neighbour on either side arrives.
fn each_costs_one_event(calls: &[fn(&Analytics)]) {
    for (index, call) in calls.iter().enumerate() {
        let (analytics, sink) = service();
        track(&analytics);
        call(&analytics);
        track(&analytics);
        let ledger = analytics.ledger();
        assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Panicked)), (2, 1), "call {index}: {ledger}");
        assert_eq!((ledger.captured(), sink.records().len()), (3, 2), "call {index}: {ledger}");
    }
}

#[test]
fn an_events_own_code_costs_the_event_by_every_way_to_the_sink() {
    each_costs_one_event(&[
        |analytics| analytics.track(Actor::user("u1"), Panicking(At::Name)),
        |analytics| analytics.track(Actor::user("u1"), Panicking(At::Description)),
        |analytics| analytics.track(Actor::user("u1"), Panicking(At::Properties)),
        |analytics| {
            analytics.event(Actor::user("u1"), Panicking(At::Name)).track();
        },
        |analytics| {
            let sent = block_on(analytics.send(Actor::user("u1"), Panicking(At::Properties)));
            assert_eq!(sent, Settlement::Dropped(DropReason::Panicked));
        },
        |analytics| block_on(analytics.track_when_room(Actor::user("u1"), Panicking(At::Properties))),
        |analytics| {
            analytics.by(Actor::user("u1")).event(CSV).property("k", Value::Display(&Unshowable)).track();
        },
        |analytics| {
            analytics.event(Actor::user("u1"), CSV).set_person("k", Value::Display(&Unshowable)).track();
        },
        |analytics| {
            analytics.identify("u1").set(&Panicking(At::Properties)).track();
        },
        |analytics| {
            analytics.group_identify("company", "acme").set(&Panicking(At::Properties)).track();
        },
    ]);
}

#[test]
fn a_scope_whose_value_panics_drops_its_events_and_no_others() {
    each_costs_one_event(&[
        |analytics| track(&analytics.with("k", Value::Display(&Unshowable))),
        |analytics| track(&analytics.with("k", Value::Display(&Unshowable)).with("l", 1).in_group("company", "acme")),
        |analytics| analytics.by(Actor::user("u1")).with("k", Value::Display(&Unshowable)).track(CSV),
    ]);
}

#[test]
fn an_event_whose_drop_panics_was_tracked_and_its_caller_goes_on() {
    let (analytics, sink) = service();
    analytics.track(Actor::user("u1"), Panicking(At::Drop));
    analytics.event(Actor::user("u1"), Panicking(At::Drop)).track();
    drop(analytics.send(Actor::user("u1"), Panicking(At::Drop)));
    block_on(analytics.track_when_room(Actor::user("u1"), Panicking(At::Drop)));
    assert_eq!((analytics.ledger().delivered(), sink.records().len()), (4, 4));
}

#[derive(Debug)]
struct Broken;

impl Clock for Broken {
    fn now(&self) -> SystemTime {
        panic!("a clock panics, as told")
    }
}

#[test]
fn a_clock_that_panics_costs_the_events_that_ask_it() {
    let sink = Keeping::default();
    let analytics = Analytics::with_clock(sink.clone(), Broken);
    track(&analytics);
    let ids = [
        analytics.event(Actor::user("u1"), CSV).track(),
        analytics.identify("u1").track(),
        analytics.alias("a1").to_user("u1").track(),
        analytics.group_identify("company", "acme").set(&()).track(),
        analytics.send(Actor::user("u1"), CSV).id(),
    ];
    assert!(ids.iter().all(|id| id.as_bytes()[6] >> 4 == 7), "callers have their ids all the same: {ids:?}");
    analytics.event(Actor::user("u1"), CSV).at(SystemTime::UNIX_EPOCH).track();
    let ledger = analytics.ledger();
    assert_eq!((ledger.dropped(DropReason::Panicked), ledger.delivered()), (6, 1), "{ledger}");
}

#[test]
fn a_filter_that_panics_keeps_nothing() {
    let inner = Keeping::default();
    let filter = Filter::new(inner.clone()).keep_events(|record| {
        assert!(record.actor() != Actor::user("u2"), "a filter panics, as told");
        true
    });
    let analytics = Analytics::new(filter);
    for user in ["u1", "u2", "u3"] {
        analytics.track(Actor::user(user), CSV);
    }
    let ledger = analytics.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Panicked)), (2, 1), "{ledger}");
    assert_eq!(inner.lines(), ["u1 report_exported format=csv rows=3", "u3 report_exported format=csv rows=3"]);
}

#[test]
fn a_property_filter_that_panics_costs_its_event() {
    struct Rude;

    impl PropertyFilter for Rude {
        fn filter(&self, property: &Property<'_>, visitor: &mut dyn PropertyVisitor) {
            assert!(property.key().name() != "secret", "a property filter panics, as told");
            visitor.visit(property);
        }
    }

    let inner = Keeping::default();
    let kept = Filter::new(inner.clone()).with_property_filter(Rude).keep_properties(|property| {
        assert!(property.key().name() != "rude", "another panics, as told");
        true
    });
    let analytics = Analytics::new(kept);
    for key in ["secret", "plain", "rude"] {
        analytics.track(Actor::user("u1"), DynamicEvent::new("viewed").with(key, 1));
    }
    let ledger = analytics.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Panicked)), (1, 2), "{ledger}");
    assert_eq!(inner.lines(), ["u1 viewed plain=1"]);
}

#[test]
fn behind_a_fan_out_an_event_that_panics_is_lost_to_every_branch_and_to_nobody_else() {
    let (one, two) = (Keeping::default(), Keeping::default());
    let analytics = Analytics::new(Fanout::new().with("one", one.clone()).with("two", two.clone()));
    analytics.track(Actor::user("u1"), Panicking(At::Properties));
    track(&analytics);
    assert_eq!((one.records().len(), two.records().len()), (1, 1));
    assert_eq!(analytics.ledger().dropped(DropReason::Panicked), 2);
}

/// Panics when it is woken, and when the last of its clones is dropped.
struct RudeWaker;

impl Wake for RudeWaker {
    fn wake(self: Arc<Self>) {
        panic!("a waker panics, as told");
    }
}

impl Drop for RudeWaker {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a waker's drop panics, as told");
    }
}

/// Keeps every receipt, and settles none by itself.
#[derive(Clone, Debug, Default)]
struct Holding(Arc<Mutex<Vec<Receipt>>>);

#[async_trait]
impl AnalyticsSink for Holding {
    fn capture(&self, record: &Record<'_>) -> Captured {
        self.0.lock().unwrap().extend(record.receipt());
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        Ledger::new()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
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

#[test]
fn a_waker_that_panics_harms_neither_who_settles_nor_who_polls_next() {
    let sink = Holding::default();
    let analytics = Analytics::new(sink.clone());
    let settle_all = || {
        let receipts = std::mem::take(&mut *sink.0.lock().unwrap());
        assert_eq!(receipts.len(), 1);
        for receipt in receipts {
            receipt.settle(Settlement::Delivered);
        }
    };

    // Woken: whoever settles goes on, and the answer is there.
    let mut waiting = pin!(analytics.send(Actor::user("u1"), CSV));
    poll_once(&mut waiting, Waker::from(Arc::new(RudeWaker)));
    settle_all();
    assert_eq!(block_on(waiting), Settlement::Delivered);

    // Replaced by the next one: dropped, in its turn.
    let mut waiting = pin!(analytics.send(Actor::user("u1"), CSV));
    poll_once(&mut waiting, Waker::from(Arc::new(RudeWaker)));
    poll_once(&mut waiting, Waker::noop().clone());
    settle_all();
    assert_eq!(block_on(waiting), Settlement::Delivered);
}

/// Polls a future that is not ready; only the future has the waker then.
fn poll_once<F: Future<Output: fmt::Debug + PartialEq>>(future: &mut Pin<&mut F>, waker: Waker) {
    assert_eq!(future.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
    drop(waker);
}

#[test]
fn a_grace_whose_waker_panics_is_kept_for_whoever_polls_next() {
    let mut waiting = pin!(timeout(Duration::from_millis(10), std::future::pending::<()>()));
    poll_once(&mut waiting, Waker::from(Arc::new(RudeWaker)));
    assert_eq!(block_on(waiting), None);
}
