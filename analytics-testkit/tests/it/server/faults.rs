//! A server that misbehaves.

use analytics_core::CopilotEvent;
use analytics_testkit::{CaptureServer, Fault, Verdict};
use serde_json::json;

use super::client::{event, post, send, send_judged, tool};
use crate::failure::failure;

#[test]
fn what_a_fault_refuses_has_not_arrived() {
    let server = CaptureServer::start();
    server.inject(Fault::status(503).times(2));
    let answers: Vec<_> = (0..3).map(|_| send(&server, &[tool(1, "search")])).collect();
    assert_eq!(answers, [Some(503), Some(503), Some(200)]);
    server.arrived().assert_one(CopilotEvent::TOOL_CALLED);
    server.assert_refused_nothing();
}

#[test]
fn what_arrived_without_an_answer_is_there_once() {
    let server = CaptureServer::start();
    server.inject(Fault::accept_then_reset());
    assert_eq!(send(&server, &[tool(1, "search")]), None);
    assert_eq!(send(&server, &[tool(1, "search")]), Some(200));
    server.wait_for(1);
    server.arrived().assert_one(CopilotEvent::TOOL_CALLED);
}

#[test]
fn what_the_server_refuses_is_told() {
    let server = CaptureServer::start();
    assert_eq!(send(&server, &[]), Some(400));
    assert_eq!(post(&server.url(), "/nowhere", "{}"), Some(404));
    let lost = event(1, "$identify", &json!({"$process_person_profile": false}));
    assert_eq!(send(&server, &[lost]), Some(200));
    let line = line!() + 1;
    let refused = failure(|| server.assert_refused_nothing());
    insta::assert_snapshot!(refused.at_line(line).message, @"
    expected that nothing is refused
    refused:
        request 1, POST /batch: 400, request holds no event
        request 2, POST /nowhere: 404, no such path
    accepted, but PostHog would lose it:
        u1 $identify: person_event_without_profile
    ");
}

#[test]
fn a_verdict_that_an_event_deserves_is_told_and_an_injected_one_is_not() {
    let server = CaptureServer::start();
    server.inject(Fault::verdict(Verdict::Drop).if_body_contains("search"));
    assert_eq!(send_judged(&server, &[tool(1, "search"), tool(2, "fetch")]), Some(200));
    server.assert_refused_nothing();
    server.arrived().assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "fetch");

    assert_eq!(send_judged(&server, &[event(3, "", &json!({}))]), Some(200));
    let refused = failure(|| server.assert_refused_nothing());
    insta::assert_snapshot!(refused.message, @"
    expected that nothing is refused
    refused:
        request 2, POST /i/v1/analytics/events: 200, 1 of 1 events not accepted: 0192f0c1-2d3e-7a4b-8c5d-000000000003 drop missing_event_name
    ");
}
