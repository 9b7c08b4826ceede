//! What arrived as records.

use std::time::{Duration, UNIX_EPOCH};

use analytics_core::{Actor, ActorKind, AiGeneration, ContextKey, CopilotEvent, Exception, FlagCalled};
use analytics_testkit::CaptureServer;
use serde_json::json;

use super::client::{event, of, post, send, send_judged, tool};
use crate::failure::failure;
use crate::world::{ORDER, OrderPlaced, chat};

#[test]
fn typed_assertions_speak_about_what_arrived() {
    let server = CaptureServer::start();
    assert_eq!(send(&server, &[tool(1, "search")]), Some(200));
    let arrived = server.arrived();
    arrived.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1")).with("tool_name", "search");
    arrived.assert_one(CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c1" });
    arrived.assert_none(CopilotEvent::MESSAGE_SENT);
    server.assert_refused_nothing();
}

#[test]
fn a_journey_over_the_wire_reads_as_the_one_that_was_recorded() {
    let (server, recorded) = (CaptureServer::start(), chat());
    let tool = |actor, name| {
        let properties = format!(r#"{{"session_id": "s1", "tool_name": "{name}", "tool_call_id": "c1", "$lib": "x"}}"#);
        format!(r#"{{"event": "copilot_tool_called", "distinct_id": "{actor}", "properties": {properties}}}"#)
    };
    let message = r#"{"event": "copilot_message_sent", "distinct_id": "u1",
        "properties": {"session_id": "s1", "message_length": 5}}"#;
    let batch = [message.to_owned(), tool("u1", "fetch"), tool("u2", "search")].join(",");
    let answer = post(&server.url(), "/batch", &format!(r#"{{"api_key": "k", "batch": [{batch}]}}"#));
    assert_eq!(answer, Some(200));
    assert_eq!(server.arrived().journey(), recorded.journey());
}

#[test]
fn an_event_keeps_its_id_its_time_and_its_details() {
    let server = CaptureServer::start();
    let details = json!({
        "order_id": "o1", "items": 2, "plan": "team_pro", "nested": {"z": [1, 2.5], "a": null},
        "$groups": {"company": "acme", "team": 7},
        "$set": {"plan": "pro"}, "$set_once": {"source": "ad"}, "$unset": ["trial"],
    });
    send(&server, &[event(1, "order_placed", &details)]);
    let arrived = server.arrived();
    let record = arrived
        .assert_one(OrderPlaced::EVENT)
        .with("items", 2)
        .in_group("company", "acme")
        .in_group("team", 7)
        .person_set("plan", "pro")
        .person_set_once("source", "ad")
        .person_unset("trial")
        .record();
    arrived.assert_one(ORDER);
    assert_eq!(record.id().to_string(), "0192f0c1-2d3e-7a4b-8c5d-000000000001");
    assert_eq!(record.at(), UNIX_EPOCH + Duration::from_millis(1_767_323_045_678));
    insta::assert_snapshot!(arrived.journey(), @r#"u1 order_placed items=2 nested={"a":null,"z":[1,2.5]} order_id=o1 plan=team_pro set plan=pro set_once source=ad unset trial in company=acme team="7""#);
}

#[test]
fn what_is_different_on_the_wire_fails_as_what_was_recorded_does() {
    let server = CaptureServer::start();
    send(&server, &[tool(1, "fetch")]);
    let arrived = server.arrived();
    let line = line!() + 1;
    let value = failure(|| drop(arrived.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search")));
    insta::assert_snapshot!(value.at_line(line).message, @r#"
    expected exactly one
        copilot_tool_called tool_name=search
    but the one copilot_tool_called that was recorded differs:
        #1 u1 copilot_tool_called session_id=s1 tool_call_id=c1 tool_name=fetch
           tool_name: expected "search", recorded "fetch"
    "#);
    let actor = failure(|| drop(arrived.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u2"))));
    insta::assert_snapshot!(actor.message, @"
    expected exactly one
        u2 copilot_tool_called
    but the one copilot_tool_called that was recorded differs:
        #1 u1 copilot_tool_called session_id=s1 tool_call_id=c1 tool_name=fetch
           actor: expected u2, recorded u1
    ");
    let nothing = failure(|| drop(CaptureServer::start().arrived().assert_one(CopilotEvent::TOOL_CALLED)));
    insta::assert_snapshot!(nothing.message, @"
    expected exactly one
        copilot_tool_called
    but nothing arrived at all
    ");
}

#[test]
fn an_actor_is_known_by_its_id_only() {
    let server = CaptureServer::start();
    let nightly = event(1, "swept", &json!({"$process_person_profile": false}));
    let cookie = event(2, "seen", &json!({}));
    let session = event(3, "left", &json!({"$process_person_profile": false}));
    let events = [of("nightly", nightly), of("c-1", cookie), of("anonymous_s1", session)];
    send(&server, &events);
    let arrived = server.arrived();
    arrived.assert_one("swept").by(Actor::service("nightly"));
    arrived.assert_one("seen").by(Actor::anonymous("c-1"));
    arrived.assert_one("left").by(Actor::session("s1"));
    arrived.assert_one("left").by(Actor::user("anonymous_s1"));
    let kinds: Vec<ActorKind> = arrived.records().iter().map(|record| record.actor().kind()).collect();
    assert_eq!(kinds, [ActorKind::Service, ActorKind::User, ActorKind::Session]);
}

#[test]
fn the_second_protocol_tells_beside_the_properties_that_an_event_makes_no_person() {
    let server = CaptureServer::start();
    let mut swept = event(1, "swept", &json!({}));
    let members = swept.as_object_mut().expect("an object");
    members.insert("options".to_owned(), json!({"process_person_profile": false}));
    assert_eq!(send_judged(&server, &[swept]), Some(200));
    assert_eq!(server.arrived().assert_one("swept").record().actor().kind(), ActorKind::Service);
}

#[test]
fn an_event_that_arrived_twice_is_there_once() {
    let server = CaptureServer::start();
    send(&server, &[tool(1, "search"), tool(2, "fetch")]);
    send(&server, &[tool(1, "search"), tool(3, "fetch")]);
    let arrived = server.arrived();
    arrived.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search");
    arrived.assert_count(CopilotEvent::TOOL_CALLED, 3);
    assert_eq!(server.inspector().totals().duplicate_events, 1);
    send(&server, &[tool(4, "fetch")]);
    assert_eq!((arrived.len(), server.arrived().len()), (3, 4), "what arrives later is not added");
}

#[test]
fn an_event_that_no_assertion_could_see_is_told() {
    let server = CaptureServer::start();
    send(&server, &[tool(1, "search"), event(2, "two\nlines", &json!({"a": 1}))]);
    let line = line!() + 1;
    let refused = failure(|| drop(server.arrived()));
    insta::assert_snapshot!(refused.at_line(line).message, @r"
    an event arrived that no assertion can see, since no sink takes it: invalid_name
        u1 two\nlines a=1
    ");
}

#[test]
fn what_backends_spell_in_words_of_their_own_is_asserted_as_it_was_tracked() {
    let server = CaptureServer::start();
    let request = json!({
        "session_id": "the chat's", "$session_id": "s1", "$ip": "203.0.113.7", "$user_agent": "curl", "$raw_user_agent": "curl",
        "$trace_id": "0af7651916cd43dd8448eb211c80319c", "$span_id": "b7ad6b7169203331",
        "$feature/button": "blue", "$feature/search": false, "$active_feature_flags": ["button"],
    });
    let error = json!({"$exception_level": "error", "$exception_fingerprint": "mine", "$exception_list": []});
    let exposure = json!({"$feature_flag": "button", "$feature_flag_response": "blue", "$feature/button": "blue"});
    let call = json!({"$ai_model": "m1", "$ai_provider": "p1"});
    let events = [
        event(1, "seen", &request),
        event(2, "$exception", &error),
        event(3, "$feature_flag_called", &exposure),
        event(4, "$ai_generation", &call),
    ];
    send(&server, &events);
    let arrived = server.arrived();
    let seen = arrived
        .assert_one("seen")
        .in_session("s1")
        .with("session_id", "the chat's")
        .with_context(ContextKey::ClientIp, "203.0.113.7")
        .with_context(ContextKey::UserAgent, "curl")
        .with_context(ContextKey::SpanId, "b7ad6b7169203331")
        .with_flag("button", "blue")
        .with_flag("search", false)
        .record();
    assert_eq!(seen.properties().len(), 1, "{seen}");
    arrived.assert_one(Exception::EVENT).with("exception_fingerprint", "mine");
    arrived.assert_one(FlagCalled::EVENT).with("feature_flag_response", "blue").with_flag("button", "blue");
    arrived.assert_one(AiGeneration::EVENT).with("ai_model", "m1");
}
