//! Slips of the pen.

use analytics_core::{Actor, CopilotEvent, DynamicEvent};

use crate::failure::failure;
use crate::world::{chat, service, tool};

#[test]
fn a_key_that_nobody_knows_fails_with_a_suggestion() {
    let (analytics, recorded) = service();
    tool(&analytics.with("environment", "test"), "u1", "search");
    let line = line!() + 1;
    let failure = failure(|| drop(recorded.assert_one(CopilotEvent::TOOL_CALLED).with("tool_nmae", "search")));
    insta::assert_snapshot!(failure.at_line(line).message, @"
    copilot_tool_called has no property `tool_nmae`; did you mean `tool_name`?
    its type declares `session_id`, `tool_name` and `tool_call_id`
    recorded beside these were `environment`
    ");
}

#[test]
fn so_does_one_that_is_to_be_ignored_or_absent() {
    let recorded = chat();
    let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "" };
    let ignored = failure(|| drop(recorded.assert_one(call).ignoring("call_id")));
    insta::assert_snapshot!(ignored.message, @"
    copilot_tool_called has no property `call_id`
    its type declares `session_id`, `tool_name` and `tool_call_id`
    ");
    let absent = failure(|| drop(recorded.assert_count(CopilotEvent::TOOL_CALLED, 2).without("tol_name")));
    assert!(absent.message.contains("did you mean `tool_name`?"), "{}", absent.message);
}

#[test]
fn the_keys_of_an_event_without_a_type_are_those_recorded() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), DynamicEvent::new("exported").with("format", "csv"));
    recorded.assert_one("exported").without("anything");
    let failure = failure(|| drop(recorded.assert_one("exported").with("fromat", "csv")));
    insta::assert_snapshot!(failure.message, @"
    exported has no property `fromat`; did you mean `format`?
    recorded were `format`
    ");
}

#[test]
fn a_key_of_the_expected_event_is_known() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), DynamicEvent::new("exported").with("format", "csv"));
    let with_rows = DynamicEvent::new("exported").with("format", "csv").with("rows", 3);
    recorded.assert_one(with_rows.clone()).ignoring("rows");
    recorded.assert_one(with_rows).without("rows");
}

#[test]
fn a_name_that_was_not_recorded_fails_with_a_suggestion() {
    let recorded = chat();
    let failure = failure(|| drop(recorded.assert_one("copilot_tool_caled")));
    insta::assert_snapshot!(failure.message, @"
    expected exactly one
        copilot_tool_caled
    but no copilot_tool_caled was recorded; did you mean `copilot_tool_called`?
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
}
