//! Word back about one event.

use std::time::Duration;

use analytics_core::{Actor, Analytics, CopilotEvent, DropReason, Fanout, Settlement, block_on};
use analytics_delivery::{DeliveryConfig, DeliverySink, Outcome, Verdict};

use crate::support::{Act, LONG, Lines, Scripted};

fn event() -> CopilotEvent<'static> {
    CopilotEvent::MessageSent { session_id: "s1", message_length: 1 }
}

#[test]
fn each_event_is_told_its_own_fate() {
    let verdicts = vec![Verdict::Delivered, Verdict::Dropped(DropReason::Refused), Verdict::Retry];
    let transport = Scripted::acting([Act::Answer(Outcome::PerEvent { verdicts, after: None })]);
    let analytics = transport.start(DeliveryConfig::default());
    let sent: Vec<_> = (0..3).map(|_| analytics.send(Actor::user("u1"), event())).collect();
    let ids: Vec<_> = sent.iter().map(analytics_core::Acknowledged::id).collect();
    assert!(ids.iter().collect::<std::collections::HashSet<_>>().len() == 3);
    assert_eq!(analytics.flush_blocking(LONG).captured(), 3);
    let answers: Vec<_> = sent.into_iter().map(block_on).collect();
    let refused = Settlement::Dropped(DropReason::Refused);
    assert_eq!(answers, [Settlement::Delivered, refused, Settlement::Delivered]);
}

#[test]
fn whoever_waits_gets_an_answer_also_without_a_flush() {
    let mut config = DeliveryConfig::default();
    config.flush_interval = Duration::from_millis(10);
    let analytics = Scripted::default().start(config);
    assert_eq!(block_on(analytics.send(Actor::user("u1"), event())), Settlement::Delivered);
    assert_eq!(block_on(analytics.by(Actor::user("u1")).send(event())), Settlement::Delivered);
}

#[test]
fn what_is_abandoned_refused_or_too_late_says_so() {
    let analytics = Scripted::acting([Act::Hang]).start(DeliveryConfig::default());
    let abandoned = analytics.send(Actor::user("u1"), event());
    let invalid = analytics.send(Actor::user(""), event());
    analytics.shutdown_blocking(Duration::from_millis(20));
    let late = analytics.send(Actor::user("u1"), event());
    for (sent, reason) in
        [(abandoned, DropReason::Abandoned), (invalid, DropReason::InvalidActor), (late, DropReason::Closed)]
    {
        assert_eq!(block_on(sent), Settlement::Dropped(reason));
    }
}

#[test]
fn what_nobody_waits_for_is_delivered_all_the_same() {
    let transport = Scripted::default();
    let analytics = transport.start(DeliveryConfig::default());
    drop(analytics.send(Actor::user("u1"), event()));
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
}

#[test]
fn of_a_fan_outs_answers_the_worst_counts() {
    let start = |transport: Scripted| DeliverySink::spawn(Lines, transport, DeliveryConfig::default()).unwrap();
    let refusing = Scripted::acting([Act::Answer(Outcome::Refused(DropReason::Refused))]);
    let fanout = Fanout::new().with("one", start(Scripted::default())).with("two", start(refusing));
    let analytics = Analytics::new(fanout);
    let sent = analytics.send(Actor::user("u1"), event());
    assert_eq!(analytics.flush_blocking(LONG).captured(), 2);
    assert_eq!(block_on(sent), Settlement::Dropped(DropReason::Refused));
    let sent = analytics.send(Actor::user("u1"), event());
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 3);
    assert_eq!(block_on(sent), Settlement::Delivered);
}

struct Panicking;

impl std::task::Wake for Panicking {
    fn wake(self: std::sync::Arc<Self>) {
        panic!("a waker of the host")
    }
}

#[test]
fn a_waker_that_panics_stops_nobody() {
    let analytics = Scripted::default().start(DeliveryConfig::default());
    let mut sent = analytics.send(Actor::user("u1"), event());
    let waker = std::task::Waker::from(std::sync::Arc::new(Panicking));
    assert!(std::pin::Pin::new(&mut sent).poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    let second = analytics.send(Actor::user("u1"), event());
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 2);
    assert_eq!(block_on(second), Settlement::Delivered);
}
