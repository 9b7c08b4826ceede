//! The mock, where a failed expectation must be seen.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use analytics_core::{Action, Actor, Analytics, Captured, CopilotEvent, Fanout, Ledger, Value};
use analytics_testkit::{MockAnalyticsSink, RecordingSink};

fn message(analytics: &Analytics) {
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
}

#[test]
fn an_expectation_is_met_by_name_actor_and_value() {
    let mut sink = MockAnalyticsSink::new();
    sink.expect_capture()
        .withf(|record| matches!(record.action(), Action::Track { name: "copilot_message_sent", .. }))
        .times(1)
        .returning(|record| {
            let length = record.to_owned().properties()[1].value().clone();
            assert!(matches!(length.as_value(), Value::U64(5)));
            Captured::Kept
        });
    sink.expect_shutdown().withf(|grace| *grace == Duration::ZERO).returning(|_| Ledger::new());
    let analytics = Analytics::new(sink);
    message(&analytics);
    assert_eq!(analytics.shutdown_blocking(Duration::ZERO), Ledger::new());
}

#[test]
fn an_event_that_was_not_expected_fails_the_test_also_through_a_fan_out() {
    let mut sink = MockAnalyticsSink::new();
    sink.expect_capture().never();
    let (recording, recorded) = RecordingSink::pair();
    let analytics = Analytics::new(Fanout::new().with("mock", sink).with("recording", recording));
    assert!(catch_unwind(AssertUnwindSafe(move || message(&analytics))).is_err());
    assert_eq!(recorded.count(CopilotEvent::MESSAGE_SENT), 1, "the other sink has it all the same");
}
