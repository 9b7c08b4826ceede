//! The sink that does nothing, as others see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use analytics_core::{
    Actor, Analytics, Clock, CopilotEvent, DropReason, Event, EventDescription, Properties, PropertyVisitor,
    Settlement, block_on,
};
use analytics_noop::NoopSink;
use analytics_testkit::contract;

#[test]
fn it_keeps_the_contract() {
    contract::check(NoopSink::new);
}

#[derive(Clone, Debug, Default)]
struct CountingClock(Arc<AtomicU64>);

impl Clock for CountingClock {
    fn now(&self) -> SystemTime {
        self.0.fetch_add(1, Ordering::Relaxed);
        SystemTime::now()
    }
}

/// An event that counts its visitors.
#[derive(Debug, Default)]
struct Shy(AtomicU64);

impl Properties for Shy {
    fn visit_properties(&self, _visitor: &mut dyn PropertyVisitor) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Event for Shy {
    fn name(&self) -> &'static str {
        "shy"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}

#[test]
fn it_asks_no_clock_and_visits_no_property() {
    let (clock, event) = (CountingClock::default(), Shy::default());
    let analytics = Analytics::with_clock(NoopSink::new(), clock.clone()).with("environment", "test");
    analytics.track(Actor::user("u1"), &event);
    assert_eq!((clock.0.load(Ordering::Relaxed), event.0.load(Ordering::Relaxed)), (0, 0));
    assert_eq!(analytics.ledger().dropped(DropReason::Disabled), 1);
}

#[test]
fn whoever_waits_for_an_answer_is_told_that_it_is_disabled() {
    let analytics = Analytics::new(NoopSink::new());
    let sent = analytics.send(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 1 });
    assert_eq!(block_on(sent), Settlement::Dropped(DropReason::Disabled));
}

#[test]
fn it_is_well_and_not_enabled() {
    let analytics = Analytics::new(NoopSink::new());
    assert!(!analytics.is_enabled());
    assert!(analytics.health().is_ok());
    assert_eq!((analytics.health().to_string().as_str(), analytics.purge(DropReason::Consent)), ("disabled", 0));
}

#[test]
fn what_it_drops_is_no_loss_until_it_is_closed() {
    let analytics = Analytics::new(NoopSink::new());
    let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 1 };
    analytics.track(Actor::user("u1"), event);
    assert_eq!(analytics.shutdown_blocking(Duration::ZERO).lost(), 0);
    analytics.track(Actor::user("u1"), event);
    let ledger = analytics.ledger();
    assert_eq!((ledger.captured(), ledger.dropped(DropReason::Closed), ledger.lost()), (2, 1, 1));
}
