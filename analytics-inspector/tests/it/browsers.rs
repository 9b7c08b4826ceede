//! What browsers and full SDKs ask for besides sending JSON.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::json;

use crate::client::{get, post, request};
use crate::{batch, event, gzip, inspector};

/// Text as it stands in a query or a form.
fn quoted(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn one_event() -> String {
    r#"{"event":"e","distinct_id":"u?>~","token":"phc_x","properties":{"k":"ü"}}"#.to_owned()
}

#[test]
fn json_may_be_in_the_query_in_a_form_and_in_base64() {
    let json = one_event();
    let base64 = STANDARD.encode(&json);
    let packed = STANDARD.encode(gzip(json.as_bytes()));
    let inspector = inspector();
    let mut sent = 0;
    let mut check = |method: &str, target: String, body: &str, expected: u16| {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = request(inspector.addr(), method, &target, &headers, body.as_bytes());
        assert_eq!(answer.status, expected, "{method} {target} {body}: {}", answer.body);
        sent += u64::from(expected == 200);
        assert_eq!(inspector.totals().events_accepted, sent, "{method} {target} {body}");
    };
    for path in ["/e/", "/i/v0/e", "/capture/", "/track/", "/engage", "/batch/"] {
        check("GET", format!("{path}?data={}", quoted(&json)), "", 200);
        check("GET", format!("{path}?data={}", quoted(&base64)), "", 200);
    }
    check("GET", format!("/e/?compression=gzip-js&data={}", quoted(&packed)), "", 200);
    check("GET", format!("/e/?data={base64}"), "", 200);
    check("GET", "/e/?data=".to_owned(), "", 400);
    check("GET", "/e/".to_owned(), &json, 400);
    check("POST", "/e/".to_owned(), &base64, 200);
    check("POST", "/e/".to_owned(), STANDARD_NO_PAD.encode(&json).as_str(), 200);
    check("POST", "/e/".to_owned(), &json, 200);
    check("POST", "/e/".to_owned(), &format!("data={}", quoted(&json)), 200);
    check("POST", "/e/".to_owned(), &format!("data={}", quoted(&base64)), 200);
    check("POST", "/e/".to_owned(), &format!("data={}&compression=gzip-js", quoted(&packed)), 200);
    check("POST", "/e/".to_owned(), &format!("compression=base64&data={}", quoted(&base64)), 200);
    check("POST", "/e/".to_owned(), "data=", 400);
    check("POST", "/e/".to_owned(), "compression=base64", 400);
    check("POST", "/e/?compression=lz64".to_owned(), "N4Ig", 400);
    assert!(inspector.events().iter().all(|event| event.json() == json));
}

#[test]
fn capture_routes_let_any_page_send_and_the_api_none() {
    let inspector = inspector();
    let origin = ("Origin", "https://page.example");
    for path in ["/batch/", "/e", "/i/v1/analytics/events", "/i/v0/ai/batch/", "/flags/", "/decide"] {
        let asked = [
            origin,
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type,x-other"),
        ];
        let answer = request(inspector.addr(), "OPTIONS", path, &asked, b"");
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin.1), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), Some("content-type,x-other"), "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET,POST,OPTIONS"), "{path}");
    }
    for (body, expected) in [(batch(&[event(1)]), 200), ("{".to_owned(), 400)] {
        let answer = request(inspector.addr(), "POST", "/batch/", &[origin], body.as_bytes());
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (expected, Some(origin.1)));
    }
    assert_eq!(post(inspector.addr(), "/batch/", batch(&[event(1)])).header("access-control-allow-origin"), None);
    for method in ["OPTIONS", "GET", "POST", "DELETE"] {
        for path in ["/api/events", "/api/faults", "/api/stream", "/api/nothing"] {
            let answer = request(inspector.addr(), method, path, &[origin], b"");
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None), "{method} {path}");
        }
    }
    assert_eq!(inspector.totals().requests, 3);
}

#[test]
fn there_are_no_feature_flags_and_asking_for_them_is_no_capture() {
    let inspector = inspector();
    inspector.inject(analytics_inspector::Fault::status(503));
    for path in ["/flags/?v=2", "/flags", "/decide/?v=3", "/decide"] {
        let answer = post(inspector.addr(), path, r#"{"token":"phc_x","distinct_id":"u"}"#);
        let body = answer.json();
        assert_eq!(answer.status, 200, "{path}");
        for key in ["flags", "featureFlags", "featureFlagPayloads"] {
            assert_eq!(body[key], json!({}), "{path} {key}");
        }
        assert_eq!(body["errorsWhileComputingFlags"], json!(false));
    }
    assert_eq!(get(inspector.addr(), "/flags/").status, 200);
    assert_eq!((inspector.totals().requests, inspector.faults()[0].acted), (0, 0));
}

#[test]
fn the_lane_for_ai_events_takes_nothing_else_and_no_giants() {
    let ai =
        |size| format!(r#"{{"event":"$ai_generation","distinct_id":"u","properties":{{"k":"{}"}}}}"#, "x".repeat(size));
    for (events, expected) in [
        (vec![ai(1)], 200),
        (vec![ai(1), ai(2 * 1024 * 1024)], 200),
        (vec![ai(1), ai(8 * 1024 * 1024)], 413),
        (vec![ai(1), event(1)], 400),
        (vec![], 400),
    ] {
        for path in ["/i/v0/ai/batch", "/i/v0/ai/batch/"] {
            let inspector = inspector();
            let answer = post(inspector.addr(), path, batch(&events));
            assert_eq!(answer.status, expected, "{}", answer.body);
            let accepted = if expected == 200 { events.len() as u64 } else { 0 };
            assert_eq!(inspector.totals().events_accepted, accepted);
            assert_eq!(inspector.totals().silently_dropped, 0);
        }
    }
}
