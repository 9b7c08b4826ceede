//! v1 over real sockets.

mod quota;
mod source;

use std::collections::BTreeMap;

use analytics_inspector::{Fault, Inspector, Verdict};
use serde_json::{Value, json};

use crate::client::{Answer, request};
use crate::{gzip, inspector, uuid, zstd};

pub(crate) const PATH: &str = "/i/v1/analytics/events";
const REQUEST_ID: &str = "01890000-0000-7000-8000-0000000000ff";
const TIMESTAMP: &str = "2026-01-02T03:04:05.678Z";
const MIB: usize = 1024 * 1024;

pub(crate) type Headers = BTreeMap<&'static str, String>;

pub(crate) fn headers() -> Headers {
    [
        ("Authorization", "Bearer phc_x"),
        ("Content-Type", "application/json"),
        ("User-Agent", "test/1"),
        ("PostHog-Sdk-Info", "test/1.0.0"),
        ("PostHog-Attempt", "1"),
        ("PostHog-Request-Id", REQUEST_ID),
        ("PostHog-Request-Timestamp", TIMESTAMP),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn event(number: u32) -> Value {
    json!({"uuid": uuid(number), "event": "e", "distinct_id": "u", "timestamp": TIMESTAMP, "properties": {"n": number}})
}

fn with(number: u32, field: &str, value: Value) -> Value {
    let mut event = event(number);
    event[field] = value;
    event
}

fn without(number: u32, field: &str) -> Value {
    let mut event = event(number);
    event.as_object_mut().unwrap().remove(field);
    event
}

fn batch(events: &[Value]) -> String {
    json!({"created_at": TIMESTAMP, "batch": events}).to_string()
}

pub(crate) fn send_to(inspector: &Inspector, path: &str, headers: &Headers, body: impl AsRef<[u8]>) -> Answer {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    request(inspector.addr(), "POST", path, &headers, body.as_ref())
}

fn send(inspector: &Inspector, body: impl AsRef<[u8]>) -> Answer {
    send_to(inspector, PATH, &headers(), body)
}

/// The verdict on each event, in the order of their numbers.
fn verdicts(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let results = answer.json()["results"].as_object().unwrap().clone();
    let shown = |verdict: &Value| match verdict.get("details") {
        Some(details) => format!("{} {}", verdict["result"].as_str().unwrap(), details.as_str().unwrap()),
        None => verdict["result"].as_str().unwrap().to_owned(),
    };
    results.values().map(shown).collect()
}

#[test]
fn a_batch_gets_a_verdict_for_each_event_and_its_id_back() {
    for path in [PATH, "/i/v1/analytics/events/"] {
        let inspector = inspector();
        let answer = send_to(&inspector, path, &headers(), batch(&[event(1), event(2)]));
        let expected = json!({"results": {(uuid(1)): {"result": "ok"}, (uuid(2)): {"result": "ok"}}});
        assert_eq!((answer.status, answer.json()), (200, expected));
        assert_eq!(answer.header("posthog-request-id"), Some(REQUEST_ID));
        assert!(answer.header("date").is_some());
        assert_eq!(answer.header("retry-after"), None);

        let request = inspector.requests().remove(0);
        assert_eq!((request.events, request.reason.as_deref(), request.status), (2, None, Some(200)));
        assert_eq!((request.api_key.as_deref(), request.sent_at.as_deref()), (Some("phc_x"), Some(TIMESTAMP)));
        let received = inspector.events();
        assert_eq!(received[0].json(), event(1).to_string());
        assert_eq!((received[0].event.as_str(), received[0].distinct_id.as_str()), ("e", "u"));
        assert_eq!(received[1].uuid.as_deref(), Some(uuid(2).as_str()));
        assert_eq!(inspector.totals().unique_events, 2);
    }
}

#[test]
fn headers_are_judged_as_the_real_server_judges_them() {
    let long = format!("Bearer {}", "x".repeat(65));
    let cases: [(&str, Option<&str>, u16, &str); 35] = [
        ("Authorization", None, 401, "missing_authorization"),
        ("Authorization", Some("Basic x"), 400, "invalid_header_value"),
        ("Authorization", Some("Bearer"), 400, "invalid_header_value"),
        ("Authorization", Some("phc_x"), 400, "invalid_header_value"),
        ("Authorization", Some("Bearér x"), 400, "invalid_header_value"),
        ("Authorization", Some("bEARER   phc_x  "), 200, ""),
        ("Authorization", Some("Bearer phx_private"), 401, "invalid_api_token"),
        ("Authorization", Some(&long), 401, "invalid_api_token"),
        ("Content-Type", None, 400, "missing_required_headers"),
        ("Content-Type", Some("text/plain"), 415, "unsupported_content_type"),
        ("Content-Type", Some("Application/JSON; charset=utf-8"), 200, ""),
        ("Content-Encoding", Some("identity"), 415, "unsupported_encoding"),
        ("Content-Encoding", Some("gzip, br"), 415, "unsupported_encoding"),
        ("Content-Encoding", Some("gzip"), 400, "request_decoding_error"),
        ("User-Agent", None, 400, "missing_required_headers"),
        ("User-Agent", Some(""), 200, ""),
        ("PostHog-Sdk-Info", None, 400, "missing_required_headers"),
        ("PostHog-Sdk-Info", Some("no slash"), 200, ""),
        ("PostHog-Attempt", None, 400, "missing_required_headers"),
        ("PostHog-Attempt", Some("0"), 400, "invalid_header_value"),
        ("PostHog-Attempt", Some("-1"), 400, "invalid_header_value"),
        ("PostHog-Attempt", Some("1.0"), 400, "invalid_header_value"),
        ("PostHog-Attempt", Some("4294967295"), 200, ""),
        ("PostHog-Attempt", Some("4294967296"), 400, "invalid_header_value"),
        ("PostHog-Request-Id", None, 400, "missing_required_headers"),
        ("PostHog-Request-Id", Some("x"), 400, "invalid_header_value"),
        ("PostHog-Request-Id", Some("018900000000700080000000000000FF"), 200, ""),
        ("PostHog-Request-Timestamp", None, 400, "missing_required_headers"),
        ("PostHog-Request-Timestamp", Some("1767323045"), 400, "invalid_header_value"),
        ("PostHog-Request-Timestamp", Some("2026-01-02T03:04:05"), 400, "invalid_header_value"),
        ("PostHog-Request-Timestamp", Some("2026-01-02T03:04:05+01:00"), 200, ""),
        ("X-Other", Some("é"), 200, ""),
        ("Accept", None, 200, ""),
        ("Origin", Some("https://page.example"), 200, ""),
        ("Content-Encoding", Some("lz4"), 415, "unsupported_encoding"),
    ];
    for (name, value, status, tag) in cases {
        let inspector = inspector();
        let mut headers = headers();
        match value {
            Some(value) => drop(headers.insert(name, value.to_owned())),
            None => drop(headers.remove(name)),
        }
        let answer = send_to(&inspector, PATH, &headers, batch(&[event(1)]));
        assert_eq!(answer.status, status, "{name}: {value:?}: {}", answer.body);
        assert_eq!(inspector.totals().events_accepted, u64::from(status == 200), "{name}: {value:?}");
        if status != 200 {
            let body = answer.json();
            assert_eq!(body["error"], tag, "{name}: {value:?}");
            assert!(body["error_description"].is_string() && body["error_uri"].is_string(), "{body}");
            assert!(inspector.requests()[0].reason.as_deref().unwrap().starts_with(tag));
        }
    }
}

#[test]
fn all_headers_that_are_missing_are_named_at_once() {
    let inspector = inspector();
    let headers = [("Authorization", "Bearer phc_x".to_owned()), ("PostHog-Attempt", "1".to_owned())].into();
    let answer = send_to(&inspector, PATH, &headers, batch(&[event(1)]));
    assert_eq!(answer.json()["error"], "missing_required_headers");
    let text = answer.json()["error_description"].as_str().unwrap().to_owned();
    for name in ["content-type", "user-agent", "posthog-sdk-info", "posthog-request-id", "posthog-request-timestamp"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(!text.contains("authorization") && !text.contains("attempt"), "{text}");
}

#[test]
fn what_is_wrong_with_the_batch_refuses_it_whole() {
    let whole = batch(&[event(1)]);
    let mut spelled = event(1);
    spelled["uuid"] = json!(uuid(1).replace('-', "").to_uppercase());
    let cases = [
        (String::new(), "empty_body"),
        ("{".to_owned(), "request_parsing_error"),
        ("[]".to_owned(), "request_parsing_error"),
        ("null".to_owned(), "request_parsing_error"),
        (whole[..whole.len() - 1].to_owned(), "request_parsing_error"),
        (format!("{whole}x"), "request_parsing_error"),
        (json!({"batch": [event(1)]}).to_string(), "request_parsing_error"),
        (json!({"created_at": 7, "batch": [event(1)]}).to_string(), "request_parsing_error"),
        (json!({"created_at": TIMESTAMP}).to_string(), "request_parsing_error"),
        (
            json!({"created_at": TIMESTAMP, "historical_migration": "x", "batch": []}).to_string(),
            "request_parsing_error",
        ),
        (json!({"created_at": "yesterday", "batch": [event(1)]}).to_string(), "invalid_batch"),
        (batch(&[]), "empty_batch"),
        (batch(&[event(1), json!(7)]), "request_parsing_error"),
        (batch(&[event(1), without(2, "event")]), "request_parsing_error"),
        (batch(&[event(1), without(2, "uuid")]), "request_parsing_error"),
        (batch(&[event(1), without(2, "distinct_id")]), "request_parsing_error"),
        (batch(&[event(1), without(2, "timestamp")]), "request_parsing_error"),
        (batch(&[event(1), with(2, "distinct_id", json!(7))]), "request_parsing_error"),
        (batch(&[event(1), with(2, "event", json!(null))]), "request_parsing_error"),
        (batch(&[event(1), with(2, "session_id", json!(7))]), "request_parsing_error"),
        (batch(&[event(1), with(2, "uuid", json!(" "))]), "missing_event_uuid"),
        (batch(&[event(1), with(2, "uuid", json!("x"))]), "invalid_event_uuid"),
        (batch(&[event(1), event(2), event(1)]), "duplicate_event_uuid"),
        (batch(&[event(1), spelled]), "duplicate_event_uuid"),
    ];
    for (body, tag) in cases {
        let inspector = inspector();
        let answer = send(&inspector, &body);
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!(tag)), "{body}: {}", answer.body);
        assert_eq!(answer.header("posthog-request-id"), Some(REQUEST_ID), "{body}");
        assert_eq!(inspector.totals().events_accepted, 0, "{body}");
    }
}

#[test]
fn what_is_wrong_with_one_event_costs_no_other() {
    let long = "x".repeat(201);
    let cases = [
        (event(0), "ok"),
        (with(0, "event", json!("")), "drop missing_event_name"),
        (with(0, "event", json!("ü".repeat(100))), "ok"),
        (with(0, "event", json!("ü".repeat(101))), "drop event_name_too_long"),
        (with(0, "distinct_id", json!(" \t")), "drop missing_distinct_id"),
        (with(0, "distinct_id", json!(long)), "drop distinct_id_too_large"),
        (with(0, "distinct_id", json!(format!(" {} ", "x".repeat(200)))), "ok"),
        (with(0, "distinct_id", json!("Anonymous")), "ok person_processing_disabled"),
        (with(0, "distinct_id", json!("[object Object]")), "ok person_processing_disabled"),
        (with(0, "distinct_id", json!("00000000-0000-0000-0000-000000000000")), "ok person_processing_disabled"),
        (with(0, "timestamp", json!("whenever")), "drop invalid_event_timestamp"),
        (with(0, "timestamp", json!("2026-01-02T03:04:05+00:00")), "ok"),
        (with(0, "properties", json!(null)), "drop malformed_event_properties"),
        (with(0, "properties", json!([])), "drop malformed_event_properties"),
        (with(0, "properties", json!("x")), "drop malformed_event_properties"),
        (without(0, "properties"), "ok"),
        (with(0, "event", json!("$performance_event")), "drop dropped_performance_event"),
        (with(0, "options", json!(null)), "ok"),
        (with(0, "options", json!([])), "drop invalid_options"),
        (with(0, "options", json!({"process_person_profile": "False", "x": []})), "ok"),
        (with(0, "options", json!({"process_person_profile": "no"})), "drop invalid_options"),
        (with(0, "options", json!({"cookieless_mode": {}})), "drop invalid_options"),
        (with(0, "options", json!({"disable_skew_correction": 1, "product_tour_id": 7})), "ok"),
        (with(0, "options", json!({"product_tour_id": 1.5})), "drop invalid_options"),
        (with(0, "properties", json!({"k": "x".repeat(999_000)})), "ok"),
        (with(0, "properties", json!({"k": "x".repeat(1_000_000)})), "drop event_too_big"),
        (with(0, "properties", json!({"k": "\"".repeat(300_000)})), "drop event_too_big"),
    ];
    for (first, expected) in cases {
        let inspector = inspector();
        let shown = first.to_string()[..60].to_owned();
        let answer = send(&inspector, batch(&[first, event(1)]));
        assert_eq!(verdicts(&answer), [expected, "ok"], "{shown}");
        let is_lost = expected.starts_with("drop");
        assert_eq!(inspector.totals().events_accepted, if is_lost { 1 } else { 2 }, "{shown}");
        let reason = inspector.requests().remove(0).reason;
        let told = format!("1 of 2 events not accepted: {} {expected}", uuid(0));
        assert_eq!(reason, is_lost.then_some(told), "{shown}");
    }
}

#[test]
fn the_lane_for_ai_events_takes_no_others() {
    let inspector = inspector();
    let ai = |number, size| {
        let mut event = with(number, "event", json!("$ai_generation"));
        event["properties"] = json!({"k": "x".repeat(size)});
        event
    };
    let body = batch(&[ai(0, 10), event(1), ai(2, 2 * MIB), ai(3, 8 * MIB)]);
    let send = |path| {
        let mut headers = headers();
        headers.insert("Content-Encoding", "zstd".to_owned());
        verdicts(&send_to(&inspector, path, &headers, zstd(body.as_bytes())))
    };
    assert_eq!(send("/i/v1/ai/events"), ["ok", "drop misrouted_event", "ok", "drop ai_event_too_big"]);
    assert_eq!(send(PATH), ["ok", "ok", "ok", "drop ai_event_too_big"]);
}

#[test]
fn every_encoding_is_read_and_the_record_has_both_sizes() {
    let body = batch(&[event(1)]);
    let zlib = {
        use std::io::Write as _;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(body.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut body.as_bytes(), &mut brotli, &brotli::enc::BrotliEncoderParams::default()).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(body.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    for (label, wire) in [("gzip", gzip(body.as_bytes())), ("deflate", zlib), ("br", brotli), ("ZSTD", zstd)] {
        let inspector = inspector();
        let mut headers = headers();
        headers.insert("Content-Encoding", label.to_owned());
        assert_eq!(verdicts(&send_to(&inspector, PATH, &headers, &wire)), ["ok"], "{label}");
        let request = inspector.requests().remove(0);
        assert_eq!((request.body_bytes, request.inflated_bytes), (wire.len(), body.len()), "{label}");
        assert_eq!(request.body(), Some(body.as_bytes()));
        let damaged = send_to(&inspector, PATH, &headers, &wire[..wire.len() / 2]);
        assert_eq!((damaged.status, &damaged.json()["error"]), (400, &json!("request_decoding_error")), "{label}");
    }
}

#[test]
fn bodies_may_have_10_mib_on_the_wire_and_50_mib_inflated() {
    let inspector = crate::limits::with_limits(crate::limits::unlimited());
    let padded = |size: usize| {
        let body = batch(&[event(1)]);
        let room = size - body.len();
        body + &" ".repeat(room)
    };
    assert_eq!(send(&inspector, padded(10 * MIB)).status, 200);
    let answer = send(&inspector, padded(10 * MIB + 1));
    assert_eq!((answer.status, &answer.json()["error"]), (413, &json!("payload_too_large")));
    let mut headers = headers();
    headers.insert("Content-Encoding", "zstd".to_owned());
    for (size, expected) in [(50 * MIB, 200), (50 * MIB + 1, 413)] {
        let answer = send_to(&inspector, PATH, &headers, zstd(padded(size).as_bytes()));
        assert_eq!(answer.status, expected, "{size}: {}", answer.body);
    }
}

#[test]
fn a_fault_gives_verdicts_on_the_events_with_a_marker() {
    let inspector = inspector();
    inspector.inject(Fault::verdict(Verdict::Drop).if_body_contains("\"n\":1}").with_details("event_too_big").always());
    inspector.inject(Fault::verdict(Verdict::Retry).if_body_contains("\"n\":2}"));
    inspector.inject(Fault::verdict(Verdict::Warning).if_body_contains("\"n\":3}"));
    let body = batch(&[event(0), event(1), event(2), event(3)]);
    let answer = send(&inspector, &body);
    let expected = ["ok", "drop event_too_big", "retry not_persisted", "warning person_processing_disabled"];
    assert_eq!(verdicts(&answer), expected);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(inspector.totals().events_accepted, 2);
    assert_eq!(inspector.requests()[0].fault.as_deref(), Some("verdict"));

    let answer = send(&inspector, &body);
    assert_eq!(verdicts(&answer), ["ok", "drop event_too_big", "ok", "ok"]);
    assert_eq!(answer.header("retry-after"), None);
    // v0 has no verdicts for events.
    let v0 = crate::batch(&[crate::event(1)]);
    assert_eq!(crate::client::post(inspector.addr(), "/batch", v0).status, 200);
    let acted: Vec<_> = inspector.faults().iter().map(|report| report.acted).collect();
    assert_eq!(acted, [1, 1, 2]);
}

#[test]
fn other_faults_act_here_too() {
    let inspector = inspector();
    inspector.inject(Fault::status(404));
    inspector.inject(Fault::status(503).if_body_contains(uuid(1)).times(1));
    let status = || send(&inspector, batch(&[event(1)])).status;
    assert_eq!([status(), status(), status()], [404, 503, 200]);
}

#[test]
fn only_post_and_options_are_for_this_route() {
    let inspector = inspector();
    for (method, expected) in [("GET", 405), ("PUT", 405), ("OPTIONS", 200)] {
        assert_eq!(request(inspector.addr(), method, PATH, &[], b"").status, expected, "{method}");
    }
}
