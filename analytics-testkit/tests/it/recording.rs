//! The sink and what it keeps.

use std::fmt;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use analytics_core::{
    Actor, Analytics, AnalyticsSink, CopilotEvent, DropReason, DynamicEvent, Event, Json, Lane, OwnedRecord,
};
use analytics_testkit::RecordingSink;
use serde::{Serialize, Serializer};

use crate::world::{message, service, tool};

#[test]
fn records_are_kept_in_the_order_of_capture_and_delivered_at_once() {
    let (analytics, recorded) = service();
    for length in 0..100 {
        analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: length });
        assert_eq!((recorded.ledger().delivered(), recorded.ledger().pending()), (length + 1, 0));
    }
    let shown: Vec<String> = recorded.records().iter().map(ToString::to_string).collect();
    let expected: Vec<String> =
        (0..100).map(|n| format!("u1 copilot_message_sent session_id=s1 message_length={n}")).collect();
    assert_eq!(shown, expected);
}

#[test]
fn reading_takes_nothing_away() {
    let (analytics, recorded) = service();
    tool(&analytics, "u1", "search");
    for _ in 0..2 {
        recorded.assert_one(CopilotEvent::TOOL_CALLED);
        assert_eq!((recorded.len(), recorded.records().len(), recorded.count(CopilotEvent::TOOL_CALLED)), (1, 1, 1));
    }
    let other_reader = recorded.clone();
    drop((analytics, recorded));
    other_reader.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search");
}

#[test]
fn a_recording_can_be_read_from_any_thread() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let (_analytics, recorded) = service();
    shared(&recorded);
}

#[test]
fn recordings_side_by_side_do_not_mix() {
    let record = |user: String| {
        let (analytics, recorded) = service();
        (0..50).for_each(|_| message(&analytics, &user));
        recorded.assert_count(CopilotEvent::MESSAGE_SENT, 50).by(Actor::user(&user));
        assert_eq!(recorded.len(), 50);
    };
    thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || record(format!("u{thread}")));
        }
    });
}

#[test]
fn nothing_is_lost_with_eight_threads() {
    let (analytics, recorded) = service();
    thread::scope(|scope| {
        for thread in 0..8_u64 {
            let analytics = &analytics;
            scope.spawn(move || {
                for length in 0..500 {
                    let sent = CopilotEvent::MessageSent { session_id: "s1", message_length: length };
                    analytics.track(Actor::user(thread + 1), sent);
                }
            });
        }
    });
    assert_eq!((recorded.len(), recorded.ledger().delivered(), recorded.ledger().captured()), (4_000, 4_000, 4_000));
    for thread in 0..8_u64 {
        let of_thread = recorded.assert_count(CopilotEvent::MESSAGE_SENT, 500).by(Actor::user(thread + 1)).records();
        assert!(of_thread.is_sorted_by_key(OwnedRecord::at), "each thread's events keep their order");
    }
}

/// A value that panics in both of the ways in which it can be written.
struct Bomb;

impl Serialize for Bomb {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        panic!("the bomb went off")
    }
}

impl fmt::Display for Bomb {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("the bomb went off")
    }
}

#[derive(Event)]
#[event(name = "bomb_serialized")]
struct BombSerialized {
    bomb: Json<Bomb>,
}

#[derive(Event)]
#[event(name = "bomb_displayed")]
struct BombDisplayed {
    #[event(display)]
    bomb: Bomb,
}

#[test]
fn a_property_that_panics_costs_its_own_event_only() {
    let (analytics, recorded) = service();
    message(&analytics, "u1");
    analytics.track(Actor::user("u1"), BombSerialized { bomb: Json(Bomb) });
    analytics.track(Actor::user("u1"), BombDisplayed { bomb: Bomb });
    message(&analytics, "u2");
    let ledger = recorded.ledger();
    assert_eq!((ledger.captured(), ledger.delivered(), ledger.dropped(DropReason::Panicked)), (4, 2, 2));
    recorded.assert_count(CopilotEvent::MESSAGE_SENT, 2);
    recorded.assert_none(BombSerialized::EVENT);
}

/// A value that tracks while it is being read.
struct Recursive<'a>(&'a Analytics);

impl fmt::Display for Recursive<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        message(self.0, "inside");
        f.write_str("read")
    }
}

#[derive(Event)]
#[event(name = "recursion_tried")]
struct RecursionTried<'a> {
    #[event(display)]
    value: Recursive<'a>,
}

#[test]
fn a_property_may_track_while_it_is_read() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), RecursionTried { value: Recursive(&analytics) });
    recorded.assert_one(RecursionTried::EVENT).with("value", "read");
    recorded.assert_one(CopilotEvent::MESSAGE_SENT).by(Actor::user("inside"));
}

#[test]
fn after_a_shutdown_records_are_dropped_as_closed() {
    let (analytics, recorded) = service();
    message(&analytics, "u1");
    for _ in 0..2 {
        assert_eq!(analytics.shutdown_blocking(Duration::ZERO).delivered(), 1);
    }
    message(&analytics, "u1");
    let ledger = analytics.ledger();
    assert_eq!((ledger.captured(), ledger.delivered(), ledger.dropped(DropReason::Closed)), (2, 1, 1));
    assert_eq!(recorded.len(), 1);
}

#[test]
fn flush_and_room_never_wait() {
    let (sink, _recorded) = RecordingSink::pair();
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(sink.room(Lane::Product).as_mut().poll(&mut context), Poll::Ready(())));
    assert!(matches!(sink.flush(Duration::ZERO).as_mut().poll(&mut context), Poll::Ready(_)));
}

#[test]
fn what_the_handle_refuses_reaches_no_sink() {
    let (analytics, recorded) = service();
    message(&analytics, " ");
    analytics.track(Actor::user("u1"), DynamicEvent::new(""));
    assert!(recorded.is_empty());
    assert_eq!((recorded.ledger().captured(), analytics.ledger().captured()), (0, 2));
}
