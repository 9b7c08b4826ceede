//! A clock that a test sets.

use std::time::{Duration, UNIX_EPOCH};

use analytics_core::{Analytics, Clock, CopilotEvent, OwnedRecord};
use analytics_testkit::{ManualClock, RecordingSink};

use crate::world::message;

#[test]
fn events_happen_at_the_time_that_the_clock_shows() {
    let clock = ManualClock::new(UNIX_EPOCH);
    let (sink, recorded) = RecordingSink::pair();
    let analytics = Analytics::with_clock(sink, clock.clone());
    message(&analytics, "u1");
    clock.advance(Duration::from_secs(5));
    message(&analytics, "u1");
    clock.set(UNIX_EPOCH + Duration::from_secs(3));
    message(&analytics, "u1");
    let times: Vec<_> = recorded.matching(CopilotEvent::MESSAGE_SENT).iter().map(OwnedRecord::at).collect();
    assert_eq!(times, [0, 5, 3].map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)));
}

#[test]
fn a_clock_stands_still_at_the_end_of_time() {
    let clock = ManualClock::default();
    let before = Clock::now(&clock);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now(), before);
}
