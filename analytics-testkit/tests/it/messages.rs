//! What messages say beside the differences.

use analytics_core::{Actor, CopilotEvent, DynamicEvent, Json};
use serde::{Serialize, Serializer};

use crate::failure::failure;
use crate::world::{message, service, tool};

#[test]
fn an_empty_recording_hints_at_what_reaches_no_sink() {
    let (_analytics, recorded) = service();
    let failure = failure(|| drop(recorded.assert_one(CopilotEvent::MESSAGE_SENT)));
    insta::assert_snapshot!(failure.message, @"
    expected exactly one
        copilot_message_sent
    but nothing was recorded at all
    (an event that the handle refuses, for its actor, its name or a group that is required, reaches no sink: see the ledger of `Analytics`)
    ");
}

#[test]
fn an_event_that_a_panic_cost_is_told() {
    struct Bomb;
    impl Serialize for Bomb {
        fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
            panic!("the bomb went off")
        }
    }

    #[derive(analytics_core::Event)]
    #[event(name = "report_exported")]
    struct ReportExported {
        report: Json<Bomb>,
    }

    let (analytics, recorded) = service();
    message(&analytics, "u1");
    analytics.track(Actor::user("u1"), ReportExported { report: Json(Bomb) });
    let failure = failure(|| drop(recorded.assert_one(ReportExported::EVENT)));
    insta::assert_snapshot!(failure.message, @"
    expected exactly one
        report_exported
    but no report_exported was recorded
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    note: report_exported was dropped, because a property of it panicked: the bomb went off
    ");
}

#[test]
fn long_recordings_are_cut() {
    let (analytics, recorded) = service();
    for user in 1..=100_u64 {
        message(&analytics, &user.to_string());
        tool(&analytics, &user.to_string(), "fetch");
    }
    let failure = failure(|| drop(recorded.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search")));
    let lines: Vec<&str> = failure.message.lines().collect();
    assert!(lines.len() < 40, "{} lines", lines.len());
    assert!(lines.contains(&"    … and 95 more that differ as much or more"), "{}", failure.message);
    assert!(lines.contains(&"    … and 80 more"), "{}", failure.message);
}

#[test]
fn five_differing_records_are_all_told() {
    let (analytics, recorded) = service();
    (0..5).for_each(|_| tool(&analytics, "u1", "fetch"));
    let failure = failure(|| drop(recorded.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search")));
    assert_eq!(failure.message.matches("expected \"search\", recorded \"fetch\"").count(), 5);
    assert!(!failure.message.contains('…'), "{}", failure.message);
}

#[test]
fn long_values_are_shown_where_they_part() {
    let (analytics, recorded) = service();
    let text = |end: &str| format!("{} {end}", "x".repeat(10_000));
    analytics.track(Actor::user("u1"), DynamicEvent::new("noted").with("text", text("is").as_str()));
    let failure = failure(|| drop(recorded.assert_one("noted").with("text", text("was").as_str())));
    assert!(failure.message.len() < 1_500, "{} bytes", failure.message.len());
    let difference = r#"text: expected "…xxxxxxxxxxxxxxxxxxxxxxx was"", recorded "…xxxxxxxxxxxxxxxxxxxxxxx is"""#;
    assert!(failure.message.contains(&difference.replace("\"…", "…").replace("\"\"", "\"")), "{}", failure.message);
}

#[test]
fn nothing_that_was_recorded_can_break_a_line() {
    let (analytics, recorded) = service();
    let text = "two\nlines\u{1b}[31m";
    analytics.track(Actor::user("u1"), DynamicEvent::new("noted").with("text", text));
    let failure = failure(|| drop(recorded.assert_one("noted").with("text", "two lines")));
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        noted text="two lines"
    but the one noted that was recorded differs:
        #1 u1 noted text="two\nlines\u001b[31m"
           text: expected "two lines", recorded "two\nlines\u001b[31m"
    "#);
}

#[test]
fn nothing_that_was_expected_can_break_a_line() {
    let (analytics, recorded) = service();
    message(&analytics, "u1");
    let failure = failure(|| drop(recorded.assert_one(CopilotEvent::MESSAGE_SENT).by(Actor::user("u\n1"))));
    insta::assert_snapshot!(failure.message, @r"
    expected exactly one
        u\n1 copilot_message_sent
    but the one copilot_message_sent that was recorded differs:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
           actor: expected u\n1 (a user), recorded u1 (a user)
    ");
}
