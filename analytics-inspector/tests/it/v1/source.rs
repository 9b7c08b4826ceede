//! Rules of PostHog's source that are less, or more, than one would guess: a test for each.

use std::io::Write as _;

use analytics_inspector::{Inspector, ReceivedEvent};
use serde_json::{Value, json};

use super::{PATH, TIMESTAMP, batch, event, headers, send, send_to, verdicts, with};
use crate::client::{get, post};
use crate::{gzip, inspector, uuid, zstd};

/// The verdict on an event of which a field has this value, beside one that is fine, and what is remembered of it.
fn judged(field: &str, value: Value) -> (String, Option<ReceivedEvent>) {
    judged_as(PATH, &with(0, field, value).to_string())
}

fn judged_as(path: &str, event: &str) -> (String, Option<ReceivedEvent>) {
    let inspector = inspector();
    let body = format!(r#"{{"created_at":"{TIMESTAMP}","batch":[{event},{}]}}"#, super::event(1));
    let mut told = verdicts(&send_to(&inspector, path, &headers(), body));
    assert_eq!(told.len(), 2, "{told:?}");
    let received = inspector.events().into_iter().find(|event| event.uuid.as_deref() == Some(&uuid(0)));
    (told.remove(0), received)
}

/// An event with properties in this text.
fn with_properties(json: &str) -> String {
    format!(r#"{{"uuid":"{}","event":"e","distinct_id":"u","timestamp":"{TIMESTAMP}","properties":{json}}}"#, uuid(0))
}

#[test]
fn properties_are_looked_at_as_far_as_their_first_byte() {
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    for properties in [
        r#"{"a":"\ud800"}"#,
        r#"{"\udc00":1}"#,
        r#"{"a":1e999,"b":-1e999}"#,
        r#"{"a":1,"a":{"b":1,"b":2}}"#,
        r#"{"$process_person_profile":"maybe"}"#,
        &deep,
    ] {
        let shown = &properties[..properties.len().min(40)];
        let (verdict, received) = judged_as(PATH, &with_properties(properties));
        assert_eq!(verdict, "ok", "{shown}");
        // Letter for letter, whoever can read it.
        let received = received.unwrap();
        assert_eq!(received.properties_json(), Some(properties), "{shown}");
        assert!(received.to_string().starts_with("u e"), "{shown}");
        // v0 refuses the whole request for most of them.
        let whole = format!(r#"{{"api_key":"phc_x","batch":[{}]}}"#, with_properties(properties));
        let is_read = properties.contains("maybe") || properties.contains(r#""a":1,"#);
        let status = post(inspector().addr(), "/batch", whole).status;
        assert_eq!(status, if is_read { 200 } else { 400 }, "{shown}");
    }
    for properties in ["null", "[]", "7", r#""{}""#] {
        assert_eq!(judged_as(PATH, &with_properties(properties)).0, "drop malformed_event_properties", "{properties}");
    }
    for properties in [r#"{"a":NaN}"#, r#"{"a":1,}"#, "{\"a\":\"\n\"}", r#"{"a":"\ud8"}"#] {
        let answer =
            send(&inspector(), format!(r#"{{"created_at":"{TIMESTAMP}","batch":[{}]}}"#, with_properties(properties)));
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("request_parsing_error")), "{properties}");
    }
}

#[test]
fn what_nobody_can_read_is_still_shown_by_the_api_and_the_page() {
    let inspector = inspector();
    let properties = r#"{"a":"\ud800","b":1e999,"c":"ok"}"#;
    let body = format!(r#"{{"created_at":"{TIMESTAMP}","batch":[{}]}}"#, with_properties(properties));
    assert_eq!(verdicts(&send(&inspector, body)), ["ok"]);
    for path in ["/api/events", "/api/page/feed/1", "/api/requests/1"] {
        let answer = get(inspector.addr(), path);
        assert!(answer.status == 200 && answer.body.contains("ud800"), "{path}: {}", answer.body);
    }
    let rows = get(inspector.addr(), "/api/page/feed").json()["rows"].clone();
    assert_eq!(rows[0]["preview"], "a=\u{fffd} b=1e999 c=ok");
    assert_eq!(inspector.events()[0].properties(), json!({}));
}

#[test]
fn an_illegal_id_is_stored_without_a_person_and_not_dropped() {
    let ids = ["NULL", "NONE", "null", "[object object]", "[object Object]", " Guest\t", "SYSTEM", "0", "nAn"];
    for id in ids {
        let (verdict, received) = judged("distinct_id", json!(id));
        assert_eq!(verdict, "ok person_processing_disabled", "{id:?}");
        let received = received.unwrap();
        assert!(received.is_personless() && received.silently_dropped().is_none(), "{id:?}");
        assert_eq!(received.distinct_id, id.trim());
    }
    let inspector = inspector();
    send(&inspector, batch(&[with(0, "distinct_id", json!("NULL")), event(1)]));
    let shown = get(inspector.addr(), "/api/events").json();
    assert_eq!((&shown["events"][0]["personless"], shown["events"][1].get("personless")), (&json!(true), None));
    // v0 has no such rule.
    let v0 = r#"{"event":"e","distinct_id":"NULL","token":"phc_x"}"#;
    assert_eq!(post(inspector.addr(), "/e", v0).status, 200);
    assert!(!inspector.events()[2].is_personless());
}

#[test]
fn an_id_in_quotes_or_a_nil_uuid_in_another_form_is_none_of_the_illegal_ones() {
    for id in ["\"null\"", "'undefined'", "00000000000000000000000000000000", "{00000000-0000-0000-0000-000000000000}"]
    {
        assert_eq!(judged("distinct_id", json!(id)).0, "ok", "{id}");
    }
}

#[test]
fn a_name_is_not_trimmed_before_it_is_judged() {
    for (name, expected) in [
        (" ", "ok"),
        (" $performance_event", "ok"),
        ("$performance_event ", "ok"),
        ("", "drop missing_event_name"),
        ("$performance_event", "drop dropped_performance_event"),
    ] {
        assert_eq!(judged("event", json!(name)).0, expected, "{name:?}");
    }
    let padded = with(0, "event", json!(" $ai_generation")).to_string();
    assert_eq!(judged_as("/i/v1/ai/events", &padded).0, "drop misrouted_event");
}

#[test]
fn a_performance_event_is_told_as_such_whatever_else_is_wrong_with_it() {
    let mut event = with(0, "event", json!("$performance_event"));
    event["timestamp"] = json!("whenever");
    event["distinct_id"] = json!("");
    event["properties"] = json!(null);
    assert_eq!(judged_as(PATH, &event.to_string()).0, "drop dropped_performance_event");
}

#[test]
fn options_are_coerced_and_none_at_all_are_fine() {
    for (value, is_personless) in [
        (json!("false"), true),
        (json!("FALSE"), true),
        (json!("0"), true),
        (json!(0), true),
        (json!(0.0), true),
        (json!(false), true),
        (json!("true"), false),
        (json!("1"), false),
        (json!(1), false),
        (json!(-3.5), false),
        (json!(true), false),
        (json!(null), false),
    ] {
        let (verdict, received) = judged("options", json!({"process_person_profile": value}));
        assert_eq!((verdict.as_str(), received.unwrap().is_personless()), ("ok", is_personless), "{value}");
    }
    for options in [json!({}), json!(null), json!({"unknown": []}), json!({"product_tour_id": "t"})] {
        assert_eq!(judged("options", options.clone()).0, "ok", "{options}");
    }
    for options in [json!({"product_tour_id": true}), json!({"product_tour_id": 1.5}), json!({"cookieless_mode": "on"})]
    {
        assert_eq!(judged("options", options.clone()).0, "drop invalid_options", "{options}");
    }
}

#[test]
fn an_option_is_written_over_the_property_of_that_meaning() {
    for (option, property, is_personless) in [
        (json!("true"), json!(false), false),
        (json!("false"), json!(true), true),
        (json!(null), json!(false), true),
        (json!(null), json!("false"), false),
    ] {
        let mut event = with(0, "options", json!({"process_person_profile": option}));
        event["properties"] = json!({"$process_person_profile": property});
        let received = judged_as(PATH, &event.to_string()).1.unwrap();
        assert_eq!(received.is_personless(), is_personless, "{option} {property}");
    }
}

#[test]
fn a_merge_without_a_person_is_lost_however_the_option_is_spelled() {
    for value in [json!(false), json!("false"), json!("0"), json!(0)] {
        let mut event = with(0, "event", json!("$identify"));
        event["options"] = json!({"process_person_profile": value});
        let received = judged_as(PATH, &event.to_string()).1.unwrap();
        assert_eq!(received.silently_dropped(), Some("person_event_without_profile"), "{value}");
    }
}

#[test]
fn the_bill_has_no_profile_for_an_illegal_id() {
    let inspector = inspector();
    let switched_off = with(2, "options", json!({"process_person_profile": "0"}));
    send(&inspector, batch(&[with(0, "distinct_id", json!("none")), event(1), switched_off]));
    let answer = crate::client::send(inspector.addr(), "GET", "/api/page/stream", &[], b"");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(answer));
    let message = lines.find_map(|line| Some(line.unwrap().strip_prefix("data: ")?.to_owned())).unwrap();
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(message["counts"]["bill"]["with_profile"], 1);
}

#[test]
fn a_minus_sign_of_typography_is_an_offset_too() {
    assert_eq!(judged("timestamp", json!("2026-01-02T03:04:05\u{2212}01:00")).0, "ok");
    assert_eq!(judged("timestamp", json!("2026-01-02T03:04:05~01:00")).0, "drop invalid_event_timestamp");
}

fn encoded(inspector: &Inspector, label: &str, wire: &[u8]) -> u16 {
    let mut headers = headers();
    headers.insert("Content-Encoding", label.to_owned());
    send_to(inspector, PATH, &headers, wire).status
}

#[test]
fn what_stands_behind_the_first_member_or_frame_is_not_read() {
    let inspector = inspector();
    let body = batch(&[event(1)]);
    let (member, frame) = (gzip(body.as_bytes()), zstd(body.as_bytes()));
    for tail in [&b"garbage"[..], &member, &frame, &[0; 100]] {
        assert_eq!(encoded(&inspector, "gzip", &[&member, tail].concat()), 200);
        assert_eq!(encoded(&inspector, "zstd", &[&frame, tail].concat()), 200);
    }
    assert_eq!(inspector.totals().events_accepted, 8);
}

#[test]
fn deflate_is_told_from_zlib_by_its_first_byte() {
    let inspector = inspector();
    let body = batch(&[event(1)]);
    let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    bare.write_all(body.as_bytes()).unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(body.as_bytes()).unwrap();
    let (bare, zlib) = (bare.finish().unwrap(), zlib.finish().unwrap());
    // The same with a smaller window in its head, which the server takes for bare deflate.
    let small_window = [&[0x48, 0x89], &zlib[2..]].concat();
    let statuses = [&bare, &zlib, &small_window].map(|wire| encoded(&inspector, "deflate", wire));
    assert_eq!(statuses, [200, 200, 400]);
}
