//! Assertions by a whole event.

use analytics_core::{Actor, CopilotEvent, DynamicEvent};

use crate::failure::failure;
use crate::world::{ORDER, OrderPlaced, Plan, chat, service, tool};

const SEARCH: CopilotEvent<'static> =
    CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "x" };

#[test]
fn a_whole_event_is_the_same_if_all_its_properties_are() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), ORDER);
    recorded.assert_one(ORDER).by(Actor::user("u1"));
    recorded.assert_one(&ORDER);
    assert_eq!((recorded.count(ORDER), recorded.count(OrderPlaced { items: 3, ..ORDER })), (1, 0));
    recorded.assert_none(OrderPlaced { items: 3, ..ORDER });
}

#[test]
fn what_the_service_makes_up_can_be_ignored() {
    let recorded = chat();
    recorded.assert_one(SEARCH).ignoring("tool_call_id");
    recorded.assert_one(SEARCH).by(Actor::user("u2")).ignoring("tool_call_id");
    recorded.assert_one(SEARCH).with("tool_call_id", "c1");
}

#[test]
fn what_a_scope_adds_does_not_matter() {
    let (analytics, recorded) = service();
    let scoped = analytics.with("environment", "test").with("source", "chat_copilot");
    tool(&scoped, "u1", "search");
    recorded.assert_one(CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c1" });
}

#[test]
fn every_difference_is_told_at_the_line_of_the_assertion() {
    let recorded = chat();
    let line = line!() + 1;
    let failure = failure(|| drop(recorded.assert_one(SEARCH)));
    insta::assert_snapshot!(failure.at_line(line).message, @r#"
    [here] expected exactly one
        copilot_tool_called session_id=s1 tool_name=search tool_call_id=x
    but all 2 copilot_tool_called that were recorded differ (nearest first):
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
           tool_call_id: expected "x", recorded "c1"
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
           tool_name: expected "search", recorded "fetch"
           tool_call_id: expected "x", recorded "c1"
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    "#);
}

#[test]
fn a_property_that_the_expected_event_leaves_out_must_be_absent() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), OrderPlaced { coupon: Some("SPRING"), plan: Plan::Free, ..ORDER });
    let failure = failure(|| drop(recorded.assert_one(ORDER).by(Actor::user("u1"))));
    insta::assert_snapshot!(failure.message, @r#"
    [here] expected exactly one
        u1 order_placed order_id=o1 items=2 plan=team_pro without coupon
    but the one order_placed that was recorded differs:
        #1 u1 order_placed order_id=o1 items=2 coupon=SPRING plan=free
           plan: expected "team_pro", recorded "free"
           coupon: expected absent, recorded "SPRING"
    "#);
    recorded.assert_one(ORDER).ignoring("coupon").ignoring("plan");
}

#[test]
fn all_but_what_is_ignored_is_compared() {
    let recorded = chat();
    let call = CopilotEvent::ToolCalled { session_id: "s2", tool_name: "search", tool_call_id: "x" };
    let failure = failure(|| drop(recorded.assert_one(call).by(Actor::user("u2")).ignoring("tool_call_id")));
    insta::assert_snapshot!(failure.message, @r#"
    [here] expected exactly one
        u2 copilot_tool_called session_id=s2 tool_name=search, ignoring tool_call_id
    but all 2 copilot_tool_called that were recorded differ (nearest first):
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
           session_id: expected "s2", recorded "s1"
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
           actor: expected u2 (a user), recorded u1 (a user)
           session_id: expected "s2", recorded "s1"
           tool_name: expected "search", recorded "fetch"
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    "#);
    recorded.assert_one(call).ignoring("tool_call_id").ignoring("session_id");
}

#[test]
fn a_property_that_was_not_recorded_is_told() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), ORDER);
    let failure = failure(|| drop(recorded.assert_one(OrderPlaced { coupon: Some("SPRING"), ..ORDER })));
    insta::assert_snapshot!(failure.message, @r#"
    [here] expected exactly one
        order_placed order_id=o1 items=2 coupon=SPRING plan=team_pro
    but the one order_placed that was recorded differs:
        #1 u1 order_placed order_id=o1 items=2 plan=team_pro
           coupon: expected "SPRING", recorded absent
    "#);
}

#[test]
fn an_actor_that_does_not_fit_is_told_with_every_other_difference() {
    let recorded = chat();
    let failure = failure(|| drop(recorded.assert_one(SEARCH).by(Actor::session("s1")).ignoring("tool_call_id")));
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        anonymous_s1 copilot_tool_called session_id=s1 tool_name=search tool_call_id=x
    but all 2 copilot_tool_called that were recorded differ (nearest first):
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
           actor: expected anonymous_s1 (a session), recorded u2 (a user)
           tool_call_id: expected "x", recorded "c1"
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
           actor: expected anonymous_s1 (a session), recorded u1 (a user)
           tool_name: expected "search", recorded "fetch"
           tool_call_id: expected "x", recorded "c1"
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    note: an `ignoring` after this call was not reached, so what it would excuse is listed too
    "#);
}

#[test]
fn nothing_is_said_of_ignoring_where_only_the_actor_differs() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), ORDER);
    let failure = failure(|| drop(recorded.assert_one(ORDER).by(Actor::user("u2"))));
    insta::assert_snapshot!(failure.message, @"
    expected exactly one
        u2 order_placed order_id=o1 items=2 plan=team_pro without coupon
    but the one order_placed that was recorded differs:
        #1 u1 order_placed order_id=o1 items=2 plan=team_pro
           actor: expected u2 (a user), recorded u1 (a user)
    ");
}

#[test]
fn an_event_made_at_run_time_is_compared_by_what_it_has() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), ORDER);
    recorded.assert_one(DynamicEvent::new("order_placed").with("items", 2));
    recorded.assert_none(DynamicEvent::new("order_placed").with("items", 3));
}
