//! Waiting for what another thread tracks.

use std::thread;
use std::time::Duration;

use analytics_core::{CopilotEvent, DropReason, block_on};

use crate::failure::failure;
use crate::world::{message, service, tool};

const LONG: Duration = Duration::from_secs(60);

#[test]
fn what_another_thread_tracks_is_awaited() {
    let (analytics, recorded) = service();
    thread::scope(|scope| {
        scope.spawn(|| (0..3).for_each(|_| message(&analytics, "u1")));
        recorded.wait_for_blocking(CopilotEvent::MESSAGE_SENT, 3, LONG);
    });
    assert_eq!(recorded.count(CopilotEvent::MESSAGE_SENT), 3);
}

#[test]
fn it_is_awaited_without_a_runtime() {
    let (analytics, recorded) = service();
    thread::scope(|scope| {
        let waiting = recorded.wait_for("copilot_message_sent", 3, LONG);
        scope.spawn(|| (0..3).for_each(|_| message(&analytics, "u1")));
        block_on(waiting);
    });
    assert_eq!(recorded.count(CopilotEvent::MESSAGE_SENT), 3);
}

#[test]
fn the_future_borrows_nothing() {
    let (analytics, recorded) = service();
    let waiting = {
        let session_id = String::from("s1");
        let event = CopilotEvent::MessageSent { session_id: &session_id, message_length: 5 };
        recorded.wait_for(event, 1, LONG)
    };
    let waiter = thread::spawn(move || block_on(waiting));
    message(&analytics, "u1");
    waiter.join().expect("the event came");
}

#[test]
fn what_does_not_come_in_time_fails() {
    let (analytics, recorded) = service();
    tool(&analytics, "u1", "search");
    let line = line!() + 1;
    let blocking = failure(|| recorded.wait_for_blocking(CopilotEvent::TOOL_CALLED, 2, Duration::ZERO)).at_line(line);
    insta::assert_snapshot!(blocking.message, @"
    waited for 2
        copilot_tool_called
    but 1 came within 0ns
    recorded:
        #1 u1 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
    let line = line!() + 1;
    let waiting = failure(|| block_on(recorded.wait_for(CopilotEvent::TOOL_CALLED, 2, Duration::ZERO))).at_line(line);
    assert_eq!(waiting.message, format!("[here] {}", blocking.message));
}

#[test]
fn nobody_waits_for_a_sink_that_is_shut_down_or_dropped() {
    let (analytics, recorded) = service();
    analytics.shutdown_blocking(Duration::ZERO);
    let shut_down = failure(|| recorded.wait_for_blocking(CopilotEvent::TOOL_CALLED, 1, LONG));
    insta::assert_snapshot!(shut_down.message, @"
    waited for 1
        copilot_tool_called
    but 0 came before the sink was shut down or dropped
    nothing was recorded
    ");

    let (analytics, recorded) = service();
    let waiting = recorded.wait_for(CopilotEvent::TOOL_CALLED, 1, LONG);
    let dropper = thread::spawn(move || drop(analytics));
    let gone = failure(|| block_on(waiting));
    dropper.join().expect("dropping does not panic");
    assert!(gone.message.contains("but 0 came before the sink was shut down or dropped"), "{}", gone.message);
    assert_eq!(recorded.ledger().dropped(DropReason::Closed), 0);
}

#[test]
fn a_name_that_never_came_is_told_with_a_suggestion() {
    let (analytics, recorded) = service();
    tool(&analytics, "u1", "search");
    let failure = failure(|| recorded.wait_for_blocking("copilot_tool_caled", 1, Duration::ZERO));
    insta::assert_snapshot!(failure.message, @"
    waited for 1
        copilot_tool_caled
    but 0 came within 0ns; did you mean `copilot_tool_called`?
    recorded:
        #1 u1 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
}
