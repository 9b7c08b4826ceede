//! What the service tracks, told by a recording sink in the place of a backend.

use std::net::Ipv4Addr;

use analytics_testkit::{Recorded, RecordingSink};
use product_analytics::{Actor, Analytics, CopilotEvent};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::browser::Browser;

/// A service whose events are recorded, and its URL. It ends with the test's runtime.
async fn service() -> (String, Recorded) {
    let (sink, recorded) = RecordingSink::pair();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = chat_service::router(&Analytics::new(sink));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, recorded)
}

#[tokio::test]
async fn a_message_is_counted_in_characters_and_its_reply_streams() {
    let (url, recorded) = service().await;
    let text = "„Schöne Grüße“ 👋 שלום";
    let response = Browser::new(&url, "s1", Some("u1")).post("/messages", json!({ "text": text })).await;

    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let reply = response.text().await.unwrap();
    assert!(reply.starts_with("event: word\ndata: I \n\n"), "{reply}");
    assert!(reply.ends_with("event: done\ndata: 18\n\n"), "{reply}");

    recorded
        .assert_one(CopilotEvent::MessageSent { session_id: "s1", message_length: 21 })
        .by(Actor::user("u1"))
        .ignoring("source");
}

#[tokio::test]
async fn each_endpoint_tracks_its_event_as_the_user() {
    let (url, recorded) = service().await;
    Browser::new(&url, "s1", Some("u1")).do_everything().await;

    let (user, agent) = (Actor::user("u1"), "lib_invoices");
    recorded.assert_one(CopilotEvent::MESSAGE_SENT).by(user).with("message_length", 25);
    recorded.assert_one(CopilotEvent::TOOL_CALLED).by(user).with("tool_name", "find_agents");
    recorded.assert_one(CopilotEvent::AGENT_RUN_SUCCESS).by(user).with("graph_name", "Invoice adder");
    recorded
        .assert_one(CopilotEvent::AGENT_SCHEDULED)
        .by(user)
        .with("schedule_name", "Monthly")
        .with("cron", "0 8 1 * *");
    recorded
        .assert_one(CopilotEvent::TRIGGER_SETUP)
        .by(user)
        .with("trigger_type", "webhook")
        .with("library_agent_id", agent);
    assert_eq!(recorded.len(), 5);
    for record in recorded.records() {
        let property = |key| record.properties().iter().find(|property| property.key() == key).is_some();
        assert!(property("session_id") && property("source"), "{record:?}");
    }
}

#[tokio::test]
async fn ids_in_events_are_those_in_answers() {
    let (url, recorded) = service().await;
    let browser = Browser::new(&url, "s1", Some("u1"));
    let call = browser.post("/tools/count_words", json!({ "arguments": { "text": "déjà vu" } })).await;
    let run = browser.post("/agents/lib_invoices/runs", json!({ "input": "rent 1200, food 350" })).await;
    let [call, run] = [call.json::<Value>().await.unwrap(), run.json().await.unwrap()];

    assert_eq!(call["result"], json!({ "words": 2, "characters": 7 }));
    assert_eq!(run["output"], "total 1550");
    recorded.assert_one(CopilotEvent::TOOL_CALLED).with("tool_call_id", call["tool_call_id"].as_str());
    recorded.assert_one(CopilotEvent::AGENT_RUN_SUCCESS).with("execution_id", run["execution_id"].as_str());
}

#[tokio::test]
async fn somebody_unknown_may_chat_and_call_tools_as_the_session() {
    let (url, recorded) = service().await;
    // A blank user is none.
    for user in [None, Some(" ")] {
        let browser = Browser::new(&url, "s2", user);
        assert_eq!(browser.post("/messages", json!({ "text": "hi" })).await.status(), StatusCode::OK);
        let count = json!({ "arguments": { "text": "hi" } });
        assert_eq!(browser.post("/tools/count_words", count).await.status(), StatusCode::OK);
    }
    recorded.assert_count(CopilotEvent::MESSAGE_SENT, 2).by(Actor::session("s2"));
    recorded.assert_count(CopilotEvent::TOOL_CALLED, 2).by(Actor::session("s2"));
}

#[tokio::test]
async fn agents_need_a_user() {
    let (url, recorded) = service().await;
    let browser = Browser::new(&url, "s3", None);
    for (path, body) in [
        ("/agents/lib_invoices/runs", json!({ "input": "rent 1200" })),
        ("/agents/lib_invoices/schedules", json!({ "name": "Monthly", "cron": "0 8 1 * *" })),
        ("/agents/lib_invoices/triggers", json!({ "trigger_type": "webhook" })),
    ] {
        let (status, error) = browser.refused(path, body).await;
        assert_eq!((status, &*error), (StatusCode::UNAUTHORIZED, "agents need a user: sign in first"), "{path}");
    }
    assert!(recorded.is_empty());
}

#[tokio::test]
async fn what_is_refused_is_not_tracked() {
    let (url, recorded) = service().await;
    let browser = Browser::new(&url, "s4", Some("u1"));
    for (path, body, status) in [
        ("/messages", json!({ "text": " \n" }), StatusCode::UNPROCESSABLE_ENTITY),
        ("/tools/dance", json!({ "arguments": {} }), StatusCode::NOT_FOUND),
        ("/tools/count_words", json!({ "arguments": {} }), StatusCode::UNPROCESSABLE_ENTITY),
        ("/agents/lib_none/runs", json!({ "input": "1" }), StatusCode::NOT_FOUND),
        ("/agents/lib_invoices/runs", json!({ "input": "no number" }), StatusCode::UNPROCESSABLE_ENTITY),
        ("/agents/lib_invoices/schedules", json!({ "name": "x", "cron": "soon" }), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(browser.refused(path, body).await.0, status, "{path}");
    }
    let nameless = Browser::new(&url, " ", Some("u1")).refused("/messages", json!({ "text": "hi" })).await;
    assert_eq!(nameless.0, StatusCode::BAD_REQUEST);
    assert!(recorded.is_empty());
}

#[tokio::test]
async fn the_feed_tells_what_agents_do_in_its_own_session() {
    let (url, _recorded) = service().await;
    let mut feed = Browser::new(&url, "s1", None).get("/feed").await;
    assert_eq!(feed.chunk().await.unwrap().unwrap(), "event: open\ndata: s1\n\n");

    for session in ["s2", "s1"] {
        let run = json!({ "trigger_type": "email" });
        Browser::new(&url, session, Some("u1")).post("/agents/lib_standup/triggers", run).await;
    }
    Browser::new(&url, "s1", Some("u1")).do_everything().await;
    let mut told = String::new();
    while !told.contains("is scheduled: Monthly, minute 0, hour 8, day of the month 1") {
        told.push_str(str::from_utf8(&feed.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert_eq!(told.matches("Stand-up notes 📝 listens at").count(), 1, "{told}");
}
