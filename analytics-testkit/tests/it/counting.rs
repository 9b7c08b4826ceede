//! Counting, and asserting on numbers.

use analytics_core::{Actor, CopilotEvent, DynamicEvent};

use crate::failure::failure;
use crate::world::{chat, service, tool};

#[test]
fn events_are_counted_by_kind_by_name_and_whole() {
    let recorded = chat();
    assert_eq!(recorded.count(CopilotEvent::TOOL_CALLED), 2);
    assert_eq!(recorded.count("copilot_tool_called"), 2);
    assert_eq!(recorded.count("no_such_event"), 0);
    assert_eq!(recorded.count(CopilotEvent::MessageSent { session_id: "s1", message_length: 5 }), 1);
    assert_eq!(recorded.count(DynamicEvent::new("copilot_tool_called").with("tool_name", "fetch")), 1);
    assert_eq!(recorded.matching(CopilotEvent::TOOL_CALLED).len(), 2);
}

#[test]
fn none_fails_if_there_is_one() {
    let recorded = chat();
    recorded.assert_none(CopilotEvent::TRIGGER_SETUP);
    recorded.assert_none(CopilotEvent::MESSAGE_SENT).by(Actor::user("u2"));
    let line = line!() + 1;
    let failure = failure(|| drop(recorded.assert_none(CopilotEvent::MESSAGE_SENT)));
    insta::assert_snapshot!(failure.at_line(line).message, @"
    [here] expected none
        copilot_message_sent
    but 1 was recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    also recorded:
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
}

#[test]
fn a_number_fails_if_there_are_more_or_fewer() {
    let recorded = chat();
    assert_eq!(recorded.assert_count(CopilotEvent::TOOL_CALLED, 2).records().len(), 2);
    let line = line!() + 1;
    let fewer = failure(|| drop(recorded.assert_count(CopilotEvent::TOOL_CALLED, 2).with("tool_name", "search")));
    insta::assert_snapshot!(fewer.at_line(line).message, @r#"
    expected exactly 2
        copilot_tool_called tool_name=search
    but 1 was recorded:
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    and of that name, but with differences:
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
           tool_name: expected "search", recorded "fetch"
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    "#);
    let more = failure(|| drop(recorded.assert_count(CopilotEvent::TOOL_CALLED, 1)));
    insta::assert_snapshot!(more.message, @"
    [here] expected exactly 1
        copilot_tool_called
    but 2 were recorded:
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    ");
}

#[test]
fn what_does_not_count_is_told_the_nearest_first() {
    let (analytics, recorded) = service();
    (0..4).for_each(|_| tool(&analytics, "u1", "fetch"));
    tool(&analytics, "u1", "search");
    let failure = failure(|| {
        recorded.assert_count(CopilotEvent::TOOL_CALLED, 2).by(Actor::user("u1")).with("tool_name", "search");
    });
    let several = "\nand of that name, but with differences (nearest first):\n";
    assert!(failure.message.contains(several), "{}", failure.message);
}
