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
    the test names `tool_nmae`, which copilot_tool_called does not have; did you mean `tool_name`?
    declared: `session_id`, `tool_name`, `tool_call_id`
    also recorded, undeclared: `environment`
    ");
}

#[test]
fn so_does_one_that_is_to_be_ignored_or_absent() {
    let recorded = chat();
    let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "" };
    let ignored = failure(|| drop(recorded.assert_one(call).ignoring("call_id")));
    insta::assert_snapshot!(ignored.message, @"
    the test names `call_id`, which copilot_tool_called does not have; did you mean `tool_call_id`?
    declared: `session_id`, `tool_name`, `tool_call_id`
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
    the test names `fromat`, which exported does not have; did you mean `format`?
    no declared type; seen on recorded exported: `format`
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

#[test]
fn the_type_of_what_was_recorded_knows_its_keys_too() {
    let recorded = chat();
    let failure = failure(|| drop(recorded.assert_count("copilot_tool_called", 2).without("tool_nmae")));
    insta::assert_snapshot!(failure.message, @"
    the test names `tool_nmae`, which copilot_tool_called does not have; did you mean `tool_name`?
    declared: `session_id`, `tool_name`, `tool_call_id`
    ");
}

#[test]
fn an_event_may_declare_nothing_or_have_nothing() {
    #[derive(analytics_core::Event)]
    #[event(name = "logged_out")]
    struct LoggedOut;

    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), LoggedOut);
    analytics.track(Actor::user("u1"), DynamicEvent::new("pinged"));
    recorded.assert_one(LoggedOut::EVENT).without("anything");
    let declared = failure(|| drop(recorded.assert_one(LoggedOut::EVENT).with("reason", "timeout")));
    insta::assert_snapshot!(declared.message, @"
    the test names `reason`, which logged_out does not have
    declared: none
    ");
    let recorded_only = failure(|| drop(recorded.assert_one("pinged").with("host", "h1")));
    insta::assert_snapshot!(recorded_only.message, @"
    the test names `host`, which pinged does not have
    no declared type; no recorded pinged has a property
    ");

    analytics.with("environment", "test").track(Actor::user("u2"), LoggedOut);
    let both = failure(|| drop(recorded.assert_count("logged_out", 2).with("environmint", "test")));
    insta::assert_snapshot!(both.message, @"
    the test names `environmint`, which logged_out does not have; did you mean `environment`?
    declared: none
    also recorded, undeclared: `environment`
    ");
}

#[test]
fn a_key_of_a_group_is_looked_up_in_what_was_recorded_of_its_kind() {
    let (analytics, recorded) = service();
    analytics.group_identify("company", "acme").set(&DynamicEvent::new("").with("plan", "pro")).track();
    let failure = failure(|| drop(recorded.assert_group("company", "acme").with("plam", "pro")));
    insta::assert_snapshot!(failure.message, @"
    the test names `plam`, which group_identify of a company does not have; did you mean `plan`?
    no declared type; seen on recorded group_identify of a company: `plan`
    ");
}

#[test]
fn a_key_is_not_judged_where_nothing_of_that_name_was_recorded() {
    let recorded = chat();
    recorded.assert_none(CopilotEvent::TRIGGER_SETUP).with("graph_nmae", "g1");
    recorded.assert_none("no_such_event").with("key", 1).ignoring("other");
}
