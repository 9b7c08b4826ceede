//! Waiting for what is sent by another thread.

use std::thread;
use std::time::Duration;

use analytics_core::block_on;
use analytics_testkit::{CaptureServer, Fault};

use super::client::{send, tool};
use crate::failure::failure;

fn tools(server: &CaptureServer, number: u32) {
    assert_eq!(send(server, &[tool(number, "search")]), Some(200));
}

#[test]
fn what_another_thread_sends_is_awaited() {
    let server = CaptureServer::start();
    thread::scope(|scope| {
        scope.spawn(|| (1..=3).for_each(|number| tools(&server, number)));
        server.wait_for(3);
    });
    assert_eq!(server.arrived().len(), 3);
}

#[test]
fn it_is_awaited_without_a_runtime() {
    let server = CaptureServer::start();
    thread::scope(|scope| {
        let waiting = server.wait_for_async(3);
        scope.spawn(|| (1..=3).for_each(|number| tools(&server, number)));
        block_on(waiting);
    });
    block_on(server.wait_for_async(3));
    assert_eq!(server.arrived().len(), 3);
}

#[test]
fn a_repeat_is_not_awaited() {
    let server = CaptureServer::start().with_patience(Duration::ZERO);
    send(&server, &[tool(1, "search")]);
    send(&server, &[tool(1, "search")]);
    server.wait_for(1);
    failure(|| server.wait_for(2));
}

#[test]
fn what_does_not_arrive_in_time_fails_with_what_did() {
    let server = CaptureServer::start().with_patience(Duration::from_millis(20));
    server.inject(Fault::status(503));
    send(&server, &[tool(1, "search")]);
    send(&server, &[tool(1, "search"), tool(2, "fetch")]);
    send(&server, &[]);
    let line = line!() + 1;
    let blocking = failure(|| server.wait_for(3)).at_line(line);
    insta::assert_snapshot!(blocking.message, @"
    waited for 3 events
    but 2 arrived within 20ms
    arrived:
        #1 u1 copilot_tool_called session_id=s1 tool_call_id=c1 tool_name=search
        #2 u1 copilot_tool_called session_id=s1 tool_call_id=c1 tool_name=fetch
    requests without a 2xx answer:
        request 1, POST /batch: 503, by the fault `status`
        request 3, POST /batch: 400, request holds no event
    a sink sends at its flush interval (5 s unless it is set), as soon as 100 events wait, and when it is flushed or shut down: was it, before this waited?
    ");
    let line = line!() + 1;
    let waiting = failure(|| block_on(server.wait_for_async(3))).at_line(line);
    assert_eq!(waiting.message, format!("[here] {}", blocking.message));
}

#[test]
fn where_nobody_sent_to_is_told() {
    let server = CaptureServer::start().with_patience(Duration::ZERO);
    let failure = failure(|| server.wait_for(1));
    insta::assert_snapshot!(failure.message.replace(&server.url(), "<url>"), @"
    waited for 1 event
    but 0 arrived within 0ns
    nobody sent anything to <url>
    a sink sends at its flush interval (5 s unless it is set), as soon as 100 events wait, and when it is flushed or shut down: was it, before this waited?
    ");
}
