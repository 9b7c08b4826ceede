//! The JSON API.

use analytics_inspector::{Fault, Inspector};
use serde_json::{Value, json};

use crate::client::{get, post, request};
use crate::{batch, events, inspector};

fn seen(inspector: &Inspector, query: &str) -> (u64, Vec<String>) {
    let body = get(inspector.addr(), &format!("/api/events{query}")).json();
    let shown = body["events"].as_array().unwrap();
    let ids = shown.iter().map(|event| event["json"]["properties"]["k"].as_str().unwrap().to_owned());
    (body["matching"].as_u64().unwrap(), ids.collect())
}

fn with_four_events() -> Inspector {
    let inspector = inspector();
    let event = |name, actor, k| format!(r#"{{"event":"{name}","distinct_id":"{actor}","properties":{{"k":"{k}"}}}}"#);
    let events =
        [event("open", "u1", "A"), event("close", "u1", "B"), event("open", "u2", "Ünï"), event("opened", "u2", "D")];
    assert_eq!(post(inspector.addr(), "/batch", batch(&events)).status, 200);
    inspector
}

#[test]
fn events_are_filtered_by_name_actor_and_text() {
    let inspector = with_four_events();
    for (query, expected) in [
        ("", &["A", "B", "Ünï", "D"][..]),
        ("?name=open", &["A", "Ünï"]),
        ("?actor=u1", &["A", "B"]),
        ("?name=open&actor=u2", &["Ünï"]),
        ("?name=op", &[]),
        ("?actor=U1", &[]),
        ("?text=OPEN", &["A", "Ünï", "D"]),
        ("?text=%C3%9Cn%C3%AF", &["Ünï"]),
        ("?text=nothing", &[]),
        ("?name=&actor=&text=", &["A", "B", "Ünï", "D"]),
    ] {
        let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(seen(&inspector, query), (expected.len() as u64, expected), "{query}");
    }
}

#[test]
fn events_are_filtered_by_the_terms_of_the_page() {
    let inspector = with_four_events();
    post(inspector.addr(), "/batch", "{");
    for (filter, expected) in [
        ("name:open", &["A", "Ünï"][..]),
        ("-name:open", &["B", "D"]),
        ("name:open*+actor:u2", &["Ünï", "D"]),
        ("k=A", &["A"]),
        ("k!=A+-k=B", &["Ünï", "D"]),
        ("k%3EA+k%3CE", &["B", "D"]),
        ("OPEN+-k~%C3%BC", &["A", "D"]),
        ("status:200", &["A", "B", "Ünï", "D"]),
        ("status:400", &[]),
        ("is:duplicate", &[]),
    ] {
        let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(seen(&inspector, &format!("?filter={filter}")), (expected.len() as u64, expected), "{filter}");
    }
}

#[test]
fn a_refused_request_is_found_by_the_events_that_it_carried() {
    let inspector = inspector();
    let event = r#"{"event":"order_placed","distinct_id":"u1","properties":{"order_id":"o-1093","items":3}}"#;
    inspector.inject(Fault::status(503));
    post(inspector.addr(), "/batch", batch(&[event.to_owned()]));
    let found = |filter: &str| {
        let path = format!("/api/page/feed?filter={filter}");
        get(inspector.addr(), &path).json()["rows"].as_array().unwrap().len()
    };
    for (filter, expected) in [
        ("order_id=o-1093", 1),
        ("items%3E2+name:order_*+actor:u1", 1),
        ("order_id=o-1", 0),
        ("name:order_paid", 0),
        ("-items=3", 0),
        ("status:503+is:refused", 1),
    ] {
        assert_eq!(found(filter), expected, "{filter}");
    }
}

#[test]
fn what_matches_is_exported_line_by_line() {
    let inspector = with_four_events();
    let spaced = "{\n \"event\": \"spaced\",\r\n \"distinct_id\": \"u3\",\n \"properties\": {\"k\": \"E\"}}";
    post(inspector.addr(), "/batch", batch(&[spaced.to_owned()]));
    let answer = get(inspector.addr(), "/api/events?format=jsonl&filter=-name:close&limit=1");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"events.jsonl\""));
    let text = answer.body;
    assert!(text.ends_with('\n'));
    let events: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let keys: Vec<&str> = events.iter().map(|event| event["properties"]["k"].as_str().unwrap()).collect();
    assert_eq!(keys, ["A", "Ünï", "D", "E"], "all of them, whatever the part that one object would show");
    assert_eq!(get(inspector.addr(), "/api/events?format=csv").status, 400);
}

#[test]
fn lists_are_shown_in_pages() {
    let inspector = with_four_events();
    for (query, expected) in [
        ("?limit=2", &["A", "B"][..]),
        ("?limit=2&offset=1", &["B", "Ünï"]),
        ("?offset=3", &["D"]),
        ("?offset=4", &[]),
        ("?limit=0", &[]),
    ] {
        let (matching, shown) = seen(&inspector, query);
        assert_eq!((matching, shown), (4, expected.iter().map(ToString::to_string).collect()), "{query}");
    }
    assert_eq!(get(inspector.addr(), "/api/events?limit=x").status, 400);

    post(inspector.addr(), "/batch", batch(&events(0..150)));
    assert_eq!(get(inspector.addr(), "/api/events").json()["events"].as_array().unwrap().len(), 100);
}

#[test]
fn an_event_is_shown_whole() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&events(7..8)));
    let body = get(inspector.addr(), "/api/events").json();
    let expected = json!({
        "request": 1,
        "uuid": crate::uuid(7),
        "event": "e",
        "distinct_id": "u",
        "timestamp": "2026-01-02T03:04:05Z",
        "json": serde_json::from_str::<Value>(&crate::event(7)).unwrap(),
    });
    assert_eq!(body, json!({"matching": 1, "events": [expected]}));
}

#[test]
fn requests_are_shown_without_their_bodies() {
    let inspector = inspector();
    post(inspector.addr(), "/batch/?a=b", batch(&events(0..2)));
    post(inspector.addr(), "/batch", "{");
    let body = get(inspector.addr(), "/api/requests?offset=0&limit=1").json();
    assert_eq!(body["matching"], 2);
    let first = &body["requests"][0];
    assert_eq!(body["requests"].as_array().unwrap().len(), 1);
    for (key, expected) in [
        ("number", json!(1)),
        ("method", json!("POST")),
        ("path", json!("/batch/")),
        ("query", json!("a=b")),
        ("status", json!(200)),
        ("reason", json!(null)),
        ("events", json!(2)),
        ("api_key", json!("phc_x")),
        ("sent_at", json!("2026-01-02T03:04:05.678Z")),
    ] {
        assert_eq!(first[key], expected, "{key}");
    }
    assert!(first["received_at_ms"].as_u64().unwrap() > 1_700_000_000_000);
    assert!(first.get("body").is_none());
}

#[test]
fn counts_are_shown_and_a_reset_clears_them() {
    let inspector = inspector();
    let body = batch(&events(0..2));
    post(inspector.addr(), "/batch", &body);
    let expected = json!({
        "requests": 1, "requests_refused": 0, "events_accepted": 2, "unique_events": 2,
        "duplicate_events": 0, "silently_dropped": 0, "body_bytes": body.len(), "names": {"e": 2},
    });
    assert_eq!(get(inspector.addr(), "/api/counts").json(), expected);
    assert_eq!(post(inspector.addr(), "/api/reset", "").status, 204);
    assert_eq!(get(inspector.addr(), "/api/counts").json()["events_accepted"], 0);
    assert_eq!(inspector.totals().requests, 0);
}

#[test]
fn faults_are_armed_listed_and_cleared() {
    let inspector = inspector();
    inspector.inject(Fault::delay(std::time::Duration::from_millis(1)));
    let specs = [
        json!({"status": 503, "headers": {"Retry-After": "2"}, "body": "b", "times": 3}),
        json!({"never_answer": true, "always": true}),
        json!({"status": 500, "delay_ms": 7, "times": 1}),
    ];
    for spec in &specs {
        assert_eq!(post(inspector.addr(), "/api/faults", spec.to_string()).status, 204);
    }
    let [a, b, c] = specs;
    let listed = get(inspector.addr(), "/api/faults").json();
    let mut armed = 0;
    let untouched = |mut spec: Value| {
        armed += 1;
        (spec["id"], spec["acted"]) = (json!(armed), json!(0));
        spec
    };
    let expected = [json!({"delay_ms": 1, "times": 1}), a, b, c].map(untouched);
    assert_eq!(listed, json!({"faults": expected, "finished": []}));

    assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..1))).status, 200);
    let answer = post(inspector.addr(), "/batch", batch(&events(0..1)));
    assert_eq!((answer.status, answer.body.as_str(), answer.header("retry-after")), (503, "b", Some("2")));
    let listed = get(inspector.addr(), "/api/faults").json();
    assert_eq!((&listed["faults"][0]["times"], &listed["faults"][0]["acted"]), (&json!(2), &json!(1)));
    assert_eq!(listed["finished"], json!([{"id": 1, "delay_ms": 1, "times": 0, "acted": 1}]));

    assert_eq!(request(inspector.addr(), "DELETE", "/api/faults", &[], b"").status, 204);
    assert_eq!(get(inspector.addr(), "/api/faults").json(), json!({"faults": [], "finished": []}));
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..1))).status, 200);
}

#[test]
fn what_is_no_fault_is_refused() {
    let inspector = inspector();
    for spec in [
        "",
        "{}",
        r#"{"times":1}"#,
        r#"{"status":99}"#,
        r#"{"status":"503"}"#,
        r#"{"status":503,"tmies":2}"#,
        r#"{"status":503,"never_answer":true}"#,
        r#"{"status":503,"times":2,"always":true}"#,
    ] {
        let answer = post(inspector.addr(), "/api/faults", spec);
        assert_eq!(answer.status, 400, "{spec}");
        assert!(answer.body.starts_with("not a fault: "), "{}", answer.body);
    }
    assert_eq!(get(inspector.addr(), "/api/faults").json(), json!({"faults": [], "finished": []}));
}

#[test]
fn only_local_callers_are_served_and_no_page_of_another_site() {
    let inspector = with_four_events();
    let port = inspector.addr().port();
    let own = format!("localhost:{port}");
    for (headers, expected) in [
        (&[("Host", own.as_str())][..], 200),
        (&[("Host", "[::1]:1")], 200),
        (&[("Host", "evil.example")], 403),
        (&[("Host", "127.0.0.1.evil.example")], 403),
        (&[("Host", "localhost"), ("Origin", "http://localhost:3000")], 200),
        (&[("Host", "localhost"), ("Origin", "https://evil.example")], 403),
        (&[("Host", "localhost"), ("Origin", "null")], 403),
    ] {
        let answer = request(inspector.addr(), "GET", "/api/events", headers, b"");
        assert_eq!(answer.status, expected, "{headers:?}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let headers = [("Host", "evil.example")];
    for target in ["/api/reset", "/api/faults", "/api/nothing"] {
        let answer = request(inspector.addr(), "POST", target, &headers, br#"{"status":500}"#);
        assert_eq!(answer.status, 403, "{target}");
    }
    assert_eq!(inspector.events().len(), 4);
    // A service may reach the capture routes by any name.
    let answer = request(inspector.addr(), "POST", "/batch", &headers, batch(&events(0..1)).as_bytes());
    assert_eq!(answer.status, 200);
}

#[test]
fn unknown_paths_of_the_api_are_404_and_no_requests() {
    let inspector = inspector();
    assert_eq!(get(inspector.addr(), "/api/nothing").status, 404);
    assert_eq!(post(inspector.addr(), "/api/nothing", "").status, 404);
    assert_eq!(get(inspector.addr(), "/api/health").json(), json!({"status": "ok"}));
    assert_eq!(inspector.totals().requests, 0);
}

#[test]
fn a_request_is_shown_with_its_body_if_that_is_asked_for() {
    let inspector = inspector();
    let body = batch(&events(0..2));
    post(inspector.addr(), "/batch", crate::gzip(body.as_bytes()));
    post(inspector.addr(), "/batch", b"\xff");
    inspector.inject(Fault::never_answer());
    let hung = crate::client::send(inspector.addr(), "POST", "/batch", &[], body.as_bytes());
    assert!(inspector.wait_for_requests(3, crate::PATIENCE));
    let shown = get(inspector.addr(), "/api/requests?bodies=true&limit=2").json();
    assert_eq!((&shown["matching"], &shown["requests"][0]["body"]), (&json!(3), &json!(body)));
    assert_eq!(shown["requests"][1]["body"], "\u{fffd}");
    let first = get(inspector.addr(), "/api/requests/1").json();
    assert_eq!((&first["number"], &first["body"]), (&json!(1), &json!(body)));
    assert!(first["answered_at_ms"].as_u64() >= first["received_at_ms"].as_u64());
    let third = get(inspector.addr(), "/api/requests/3").json();
    assert_eq!((&third["answered_at_ms"], &third["fault"]), (&json!(null), &json!("never_answer")));
    assert_eq!(get(inspector.addr(), "/api/requests/4").status, 404);
    assert_eq!(get(inspector.addr(), "/api/requests/x").status, 400);
    drop(hung);
}

#[test]
fn the_api_answers_under_an_allowed_name() {
    let options = analytics_inspector::InspectorOptions::default().with_allowed_host("inspector.test");
    let inspector = Inspector::start(options).unwrap();
    for (host, origin, expected) in [
        ("inspector.test:80", "http://inspector.test:80", 200),
        ("inspector.test", "http://evil.example", 403),
        ("evil.example", "http://inspector.test", 403),
    ] {
        let headers = [("Host", host), ("Origin", origin)];
        assert_eq!(request(inspector.addr(), "GET", "/api/events", &headers, b"").status, expected, "{host} {origin}");
    }
}
