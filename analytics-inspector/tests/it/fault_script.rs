//! Which requests a fault is for, and what it reports.

use std::time::Duration;

use analytics_inspector::{Fault, Inspector};
use serde_json::json;

use crate::client::{get, post};
use crate::{batch, event, events, gzip, inspector};

const AN_HOUR: Duration = Duration::from_secs(3_600);

fn status(inspector: &Inspector, body: impl AsRef<[u8]>) -> u16 {
    post(inspector.addr(), "/batch", body).status
}

#[test]
fn a_marker_refuses_the_requests_it_is_in_and_no_others() {
    let inspector = inspector();
    inspector.inject(Fault::status(400).if_body_contains(r#""n":7}"#).always());
    assert_eq!(status(&inspector, batch(&events(0..10))), 400);
    assert_eq!(status(&inspector, batch(&events(0..7))), 200);
    assert_eq!(status(&inspector, gzip(batch(&[event(7)]).as_bytes())), 400);
    assert_eq!(status(&inspector, b"\xff\"n\":7}"), 400);
    assert_eq!(inspector.requests().iter().filter(|request| request.fault.is_some()).count(), 3);
    assert_eq!(inspector.faults()[0].acted, 3);
    assert_eq!(inspector.totals().unique_events, 7);
}

#[test]
fn a_size_is_that_on_the_wire_or_that_of_the_content() {
    let inspector = inspector();
    let content = batch(&events(0..100));
    let wire = gzip(content.as_bytes());
    assert!(wire.len() < content.len());
    inspector.inject(Fault::status(413).if_wire_bytes_exceed(wire.len()).always());
    assert_eq!((status(&inspector, &wire), status(&inspector, &content)), (200, 413));
    inspector.clear_faults();
    inspector.inject(Fault::status(413).if_content_exceeds(content.len() - 1).always());
    assert_eq!((status(&inspector, &wire), status(&inspector, &content)), (413, 413));
    assert_eq!(status(&inspector, batch(&events(0..99))), 200);
}

#[test]
fn conditions_of_one_fault_have_to_hold_together_and_those_it_spares_meet_the_next() {
    let inspector = inspector();
    inspector.inject(Fault::status(400).if_body_contains("\"n\":1}").if_wire_bytes_exceed(500).always());
    inspector.inject(Fault::status(502).if_body_contains("\"n\":2}").times(1));
    inspector.inject(Fault::status(503).times(2));
    for (numbers, expected) in [(1..2, 503), (2..3, 502), (2..3, 503), (1..9, 400), (2..3, 200)] {
        assert_eq!(status(&inspector, batch(&events(numbers.clone()))), expected, "{numbers:?}");
    }
    let acted: Vec<_> = inspector.faults().iter().map(|report| (report.is_over, report.acted, report.left)).collect();
    assert_eq!(acted, [(true, 1, Some(0)), (true, 2, Some(0)), (false, 1, None)]);
}

#[test]
fn a_share_is_the_same_in_every_run_with_the_same_seed() {
    let run = |seed| {
        let inspector = inspector();
        inspector.inject(Fault::status(503).for_share(0.2).with_seed(seed));
        (0..100).map(|n| status(&inspector, batch(&[event(n)]))).collect::<Vec<_>>()
    };
    let first = run(1);
    assert_eq!(first, run(1));
    assert_ne!(first, run(2));
    let failed = first.iter().filter(|status| **status == 503).count();
    assert!((5..=40).contains(&failed), "{failed}");
}

#[test]
fn a_fault_for_a_time_is_over_without_a_request() {
    let inspector = inspector();
    inspector.inject(Fault::status(500).during(Duration::ZERO));
    inspector.inject(Fault::status(503).during(AN_HOUR));
    assert_eq!(status(&inspector, batch(&[event(1)])), 503);
    let acted: Vec<_> = inspector.faults().iter().map(|report| (report.is_over, report.acted)).collect();
    assert_eq!(acted, [(true, 0), (false, 1)]);
    assert_eq!(inspector.faults()[1].fault, Fault::status(503).during(AN_HOUR));
    inspector.clear_faults();
    assert_eq!((inspector.faults(), status(&inspector, batch(&[event(1)]))), (vec![], 200));
}

#[test]
fn a_redirect_is_a_status_and_a_location() {
    let inspector = inspector();
    for status in [301, 302, 303, 307, 308] {
        inspector.inject(Fault::redirect(status, "http://127.0.0.1:1/batch/"));
        let answer = post(inspector.addr(), "/batch", batch(&[event(1)]));
        assert_eq!((answer.status, answer.header("location")), (status, Some("http://127.0.0.1:1/batch/")));
    }
    assert_eq!(inspector.totals().events_accepted, 0);
}

#[test]
fn retry_after_may_be_of_any_form() {
    let inspector = inspector();
    for value in [
        "0",
        "1",
        "31536000",
        "18446744073709551615",
        "99999999999999999999999",
        "-1",
        "1.5",
        "soon",
        "",
        "Wed, 21 Oct 2099 07:28:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "zwölf",
    ] {
        inspector.inject(Fault::status(429).with_header("Retry-After", value));
        let answer = post(inspector.addr(), "/batch", batch(&[event(1)]));
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some(value)));
    }
}

#[test]
fn a_body_may_be_bytes() {
    let inspector = inspector();
    let bomb = gzip(&vec![b'x'; 1_000_000]);
    inspector
        .inject(Fault::status(200).with_header("X-Length", bomb.len().to_string()).with_body(b"\x01\x02".to_vec()));
    assert_eq!(post(inspector.addr(), "/batch", batch(&[event(1)])).body, "\u{1}\u{2}");
}

#[test]
fn every_fault_can_be_armed_over_the_api_and_is_shown_as_it_was_armed() {
    let specs = [
        json!({"reset": "before", "times": 1}),
        json!({"reset": "during", "after_body_bytes": 7, "times": 2}),
        json!({"reset": "after", "delay_ms": 3, "share": 0.25, "seed": 9}),
        json!({"reset": "after_accepting", "always": true}),
        json!({"byte_by_byte_ms": 5, "during_ms": 1000}),
        json!({"endless_body": true, "body": "{", "times": 1}),
        json!({"close": true, "status": 503, "headers": {"Retry-After": "1"}, "times": 1}),
        json!({"status": 413, "wire_bytes_over": 10, "content_bytes_over": 20, "body_contains": "x", "always": true}),
        json!({"verdict": "drop", "details": "event_too_big", "body_contains": "x", "times": 1}),
    ];
    for spec in specs {
        let inspector = inspector();
        let answer = post(inspector.addr(), "/api/faults", spec.to_string());
        assert_eq!(answer.status, 204, "{spec}: {}", answer.body);
        let mut expected = spec.clone();
        (expected["id"], expected["acted"]) = (json!(1), json!(0));
        let listed = get(inspector.addr(), "/api/faults").json();
        assert_eq!(listed, json!({"faults": [expected], "finished": []}));
    }
    let inspector = inspector();
    let spec = json!({"refuse_connections": true, "during_ms": 0});
    assert_eq!(post(inspector.addr(), "/api/faults", spec.to_string()).status, 204);
    assert!(inspector.faults()[0].is_over);
}

#[test]
fn what_contradicts_itself_is_no_fault() {
    let inspector = inspector();
    for spec in [
        json!({"refuse_connections": true}),
        json!({"refuse_connections": true, "times": 1}),
        json!({"reset": "sometimes"}),
        json!({"reset": "during"}),
        json!({"reset": "before", "after_body_bytes": 1}),
        json!({"reset": "before", "status": 500}),
        json!({"verdict": "ok"}),
        json!({"status": 500, "details": "x"}),
        json!({"close": true, "endless_body": true}),
        json!({"status": 500, "share": 1.5}),
        json!({"body": "x"}),
    ] {
        let answer = post(inspector.addr(), "/api/faults", spec.to_string());
        assert_eq!(answer.status, 400, "{spec}");
        assert!(answer.body.starts_with("not a fault: "), "{}", answer.body);
    }
    assert_eq!(inspector.faults(), []);
}
