//! Assertions on order.

use analytics_core::CopilotEvent;

use crate::failure::failure;
use crate::world::chat;

#[test]
fn events_in_order_may_have_others_between_them() {
    let recorded = chat();
    recorded.assert_sequence([CopilotEvent::MESSAGE_SENT, CopilotEvent::TOOL_CALLED, CopilotEvent::TOOL_CALLED]);
    recorded.assert_sequence([
        CopilotEvent::MessageSent { session_id: "s1", message_length: 5 },
        CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c1" },
    ]);
    recorded.assert_sequence(["copilot_message_sent", "copilot_tool_called"]);
}

#[test]
fn the_step_that_breaks_the_order_is_told() {
    let recorded = chat();
    let line = line!() + 2;
    let wrong = failure(|| {
        recorded.assert_sequence([CopilotEvent::TOOL_CALLED, CopilotEvent::MESSAGE_SENT, CopilotEvent::TOOL_CALLED]);
    });
    insta::assert_snapshot!(wrong.at_line(line).message, @"
    expected in this order
        1. copilot_tool_called   is #2
        2. copilot_message_sent   is not after #2, only #1
        3. copilot_tool_called
    recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
    let too_few = failure(|| recorded.assert_sequence([CopilotEvent::MESSAGE_SENT; 2]));
    assert!(too_few.message.contains("2. copilot_message_sent   is not after #1, only #1"), "{}", too_few.message);
}

#[test]
fn a_whole_event_that_is_not_quite_there_is_told_with_its_differences() {
    let recorded = chat();
    let failure = failure(|| {
        recorded.assert_sequence([
            CopilotEvent::MessageSent { session_id: "s1", message_length: 5 },
            CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c2" },
        ]);
    });
    insta::assert_snapshot!(failure.message, @r#"
    expected in this order
        1. copilot_message_sent session_id=s1 message_length=5   is #1
        2. copilot_tool_called session_id=s1 tool_name=search tool_call_id=c2   is missing after #1; nearest is #3
           tool_call_id: expected "c2", recorded "c1"
    recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    "#);
}

#[test]
fn a_step_of_a_name_that_was_never_recorded_is_told_with_a_suggestion() {
    let recorded = chat();
    let failure = failure(|| recorded.assert_sequence(["copilot_message_sent", "tool_called"]));
    insta::assert_snapshot!(failure.message, @"
    expected in this order
        1. copilot_message_sent   is #1
        2. tool_called   is missing after #1; did you mean `copilot_tool_called`?
    recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
}
