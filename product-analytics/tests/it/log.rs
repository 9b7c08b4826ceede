//! The backend `log`.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use product_analytics::{Actor, Analytics, CopilotEvent, DropReason, DynamicEvent, LogSink, Value};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::logs::captured;

const TOOL_CALLED: CopilotEvent<'_> =
    CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c1" };

#[test]
fn every_event_is_one_line_and_delivered() {
    let vars = [("ANALYTICS_BACKEND", "log"), ("ANALYTICS_ENVIRONMENT", "test"), ("ANALYTICS_SOURCE", "chat_copilot")];
    let (ledger, lines) = captured(|| {
        let analytics = product_analytics::from_vars(vars).unwrap();
        analytics.track(Actor::user("u1"), TOOL_CALLED);
        analytics.track(Actor::session("s1"), TOOL_CALLED);
        analytics.shutdown_blocking(Duration::ZERO)
    });
    insta::assert_snapshot!(lines.join("\n"), @r"
    INFO analytics::config: events go to log (tracing, target analytics::events)
    INFO analytics::events: u1 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1 environment=test source=chat_copilot
    INFO analytics::events: anonymous_s1 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1 environment=test source=chat_copilot
    INFO analytics::core: 2 captured · 2 delivered · 0 lost
    ");
    assert_eq!((ledger.captured(), ledger.delivered()), (2, 2));
}

#[test]
fn a_line_that_nobody_wants_is_not_delivered() {
    let analytics = Analytics::new(LogSink::new());
    tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::new(), || {
        analytics.track(Actor::user("u1"), TOOL_CALLED);
    });
    assert_eq!(analytics.ledger().dropped(DropReason::Disabled), 1);
}

#[test]
fn after_a_shutdown_nothing_is_written() {
    let analytics = Analytics::new(LogSink::new());
    let ((), lines) = captured(|| {
        analytics.shutdown_blocking(Duration::ZERO);
        analytics.track(Actor::user("u1"), TOOL_CALLED);
    });
    assert!(!lines.join("\n").contains("copilot_tool_called"), "{lines:?}");
    assert_eq!(analytics.ledger().dropped(DropReason::Closed), 1);
}

#[test]
fn a_value_that_panics_costs_its_event_only() {
    struct Panics;

    impl fmt::Display for Panics {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("this panic is the test's")
        }
    }

    let analytics = Analytics::new(LogSink::new());
    let ((), lines) = captured(|| {
        let builder = analytics.event(Actor::user("u1"), TOOL_CALLED);
        builder.property("bad", Value::Display(&Panics)).track();
        analytics.track(Actor::user("u1"), TOOL_CALLED);
    });
    assert_eq!(lines.len(), 1, "{lines:?}");
    let ledger = analytics.ledger();
    assert_eq!((ledger.dropped(DropReason::Panicked), ledger.delivered(), ledger.pending()), (1, 1, 0));
}

/// Tracks an event for every line, as a bridge from `tracing` would.
#[derive(Clone, Default)]
struct Bridge(Arc<OnceLock<Analytics>>, Arc<Mutex<u32>>);

impl Subscriber for Bridge {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, _: &Event<'_>) {
        *self.1.lock().unwrap() += 1;
        if let Some(analytics) = self.0.get() {
            analytics.track(Actor::service("bridge"), DynamicEvent::new("line"));
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_subscriber_that_tracks_every_line_does_not_feed_on_itself() {
    captured(|| ()); // So that there is more than one subscriber, whichever test runs first.
    let bridge = Bridge::default();
    let analytics = bridge.0.get_or_init(|| Analytics::new(LogSink::new()));
    tracing::subscriber::with_default(bridge.clone(), || analytics.track(Actor::user("u1"), TOOL_CALLED));
    let ledger = analytics.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Feedback)), (1, 1));
    assert_eq!(*bridge.1.lock().unwrap(), 1);
}

#[test]
fn the_sink_keeps_the_contract() {
    captured(|| ());
    analytics_testkit::contract::check(LogSink::new);
}
