//! A client that hides nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use analytics_testkit::CaptureServer;
use serde_json::{Value, json};

/// An event of the user `u1`; the uuid ends with `number`.
pub(crate) fn event(number: u32, name: &str, properties: &Value) -> Value {
    json!({
        "uuid": format!("0192f0c1-2d3e-7a4b-8c5d-{number:012}"),
        "event": name,
        "distinct_id": "u1",
        "timestamp": "2026-01-02T03:04:05.678Z",
        "properties": properties,
    })
}

/// The event of another actor.
pub(crate) fn of(distinct_id: &str, mut event: Value) -> Value {
    let members = event.as_object_mut().expect("an event is an object");
    members.insert("distinct_id".to_owned(), distinct_id.into());
    event
}

/// The JSON of a tool call, as a service sends it.
pub(crate) fn tool(number: u32, tool_name: &str) -> Value {
    let properties = json!({
        "session_id": "s1", "tool_name": tool_name, "tool_call_id": "c1",
        "$lib": "analytics-posthog", "$lib_version": "0.1.0", "$geoip_disable": true, "$is_server": true,
    });
    event(number, "copilot_tool_called", &properties)
}

/// Sends events in one batch and returns the status; `None` if the connection ended without an answer.
pub(crate) fn send(server: &CaptureServer, events: &[Value]) -> Option<u16> {
    post(&server.url(), "/batch", &json!({"api_key": server.key(), "batch": events}).to_string())
}

/// Sends events by v1, in which each event gets a verdict of its own.
pub(crate) fn send_judged(server: &CaptureServer, events: &[Value]) -> Option<u16> {
    let headers = "Authorization: Bearer phc_test\r\nContent-Type: application/json\r\nUser-Agent: test/1\r\n\
        PostHog-Sdk-Info: test/1.0.0\r\nPostHog-Attempt: 1\r\n\
        PostHog-Request-Id: 01890000-0000-7000-8000-0000000000ff\r\n\
        PostHog-Request-Timestamp: 2026-01-02T03:04:05.678Z\r\n";
    let body = json!({"created_at": "2026-01-02T03:04:05.678Z", "batch": events}).to_string();
    request(&server.url(), "/i/v1/analytics/events", headers, &body)
}

pub(crate) fn post(url: &str, path: &str, body: &str) -> Option<u16> {
    request(url, path, "", body)
}

fn request(url: &str, path: &str, headers: &str, body: &str) -> Option<u16> {
    let host = url.strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(host).expect("a connection");
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}");
    write!(stream, "{head}\r\n{headers}\r\n{body}").expect("room for the request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).expect("text");
    answer.split(' ').nth(1)?.parse().ok()
}
