//! What was sent and is not stored.

use analytics_inspector::{Fault, Inspector, InspectorOptions, Verdict};
use serde_json::{Value, json};

use crate::client::{get, post};
use crate::{batch, event, events, inspector, uuid};

/// Of each: the number of the request, its status, the uuid and the reason.
fn told(inspector: &Inspector) -> Vec<(u64, Option<u16>, Option<String>, &'static str)> {
    let problems = inspector.problems();
    assert_eq!((problems.count, problems.is_complete), (problems.list.len(), true));
    let short = |problem: analytics_inspector::Problem| (problem.request, problem.status, problem.uuid, problem.reason);
    problems.list.into_iter().map(short).collect()
}

fn v1(inspector: &Inspector, events: &[String]) -> u16 {
    let body = format!(r#"{{"created_at":"2026-01-02T03:04:05Z","batch":[{}]}}"#, events.join(","));
    crate::v1::send_to(inspector, crate::v1::PATH, &crate::v1::headers(), body).status
}

#[test]
fn what_arrives_as_it_should_is_no_problem_however_often() {
    let inspector = inspector();
    for _ in 0..2 {
        assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..3))).status, 200);
    }
    assert_eq!(v1(&inspector, &events(3..5)), 200);
    assert_eq!(told(&inspector), []);
    let body = get(inspector.addr(), "/api/problems").json();
    assert_eq!(body, json!({"matching": 0, "complete": true, "problems": []}));
}

#[test]
fn a_refusal_that_a_retry_made_good_is_no_problem_and_one_that_it_did_not_is() {
    for fault in [
        Fault::status(503),
        Fault::status(413),
        Fault::over_quota(402),
        Fault::reset_after_request(),
        Fault::accept_then_reset(),
    ] {
        let inspector = inspector();
        inspector.inject(fault.clone());
        let hung = crate::client::send(inspector.addr(), "POST", "/batch", &[], batch(&events(0..3)).as_bytes());
        assert!(inspector.wait_for_requests(1, crate::PATIENCE));
        let is_accepted = fault == Fault::accept_then_reset();
        if !is_accepted {
            assert_eq!(told(&inspector).len(), 3, "{fault:?}");
        }
        // What is halved on the way is made good all the same, and only as far as it came.
        assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..2))).status, 200);
        let left: Vec<_> = told(&inspector).into_iter().map(|(number, _, uuid, _)| (number, uuid)).collect();
        assert_eq!(left, if is_accepted { vec![] } else { vec![(1, Some(uuid(2)))] }, "{fault:?}");
        assert_eq!(v1(&inspector, &events(2..3)), 200);
        assert_eq!(told(&inspector), [], "{fault:?}");
        drop(hung);
    }
}

#[test]
fn an_event_that_was_refused_again_and_again_is_told_once_by_its_last_request() {
    let inspector = inspector();
    inspector.inject(Fault::status(503).times(3));
    for _ in 0..3 {
        post(inspector.addr(), "/batch", batch(&events(0..1)));
    }
    assert_eq!(told(&inspector), [(3, Some(503), Some(uuid(0)), "armed_fault")]);
}

#[test]
fn without_a_uuid_an_event_is_known_again_by_its_text_in_a_later_request() {
    let inspector = inspector();
    let event = |k: u8| format!(r#"{{"event":"e","distinct_id":"u","properties":{{"k":{k}}}}}"#);
    let send = |k: u8| post(inspector.addr(), "/batch", batch(&[event(k)])).status;
    assert_eq!(send(1), 200);
    inspector.inject(Fault::status(500).times(3));
    assert_eq!((send(1), send(2), send(2)), (500, 500, 500));
    assert_eq!(told(&inspector).iter().map(|problem| problem.0).collect::<Vec<_>>(), [4, 2]);
    assert_eq!(send(1), 200);
    assert_eq!(told(&inspector).iter().map(|problem| problem.0).collect::<Vec<_>>(), [4]);
}

#[test]
fn events_dropped_after_a_200_and_those_with_a_verdict_of_v1_are_told_with_their_reasons() {
    let inspector = inspector();
    let dropped = event(1)
        .replace(r#""event":"e""#, r#""event":"$identify""#)
        .replace(r#"{"n":1}"#, r#"{"$process_person_profile":false}"#);
    post(inspector.addr(), "/batch", batch(&[dropped.clone(), event(2)]));
    post(inspector.addr(), "/batch", batch(&[dropped]));
    inspector.inject(Fault::verdict(Verdict::Retry).if_body_contains(uuid(4)));
    inspector.inject(Fault::verdict(Verdict::Warning).if_body_contains(uuid(5)));
    assert_eq!(v1(&inspector, &[event(3).replace(r#""e""#, r#""""#), event(4), event(5)]), 200);
    let expected = [
        (3, Some(200), Some(uuid(3)), "missing_event_name"),
        (3, Some(200), Some(uuid(4)), "armed_fault"),
        (2, Some(200), Some(uuid(1)), "person_event_without_profile"),
    ];
    assert_eq!(told(&inspector), expected);
    assert_eq!(v1(&inspector, &[event(4)]), 200);
    assert_eq!(told(&inspector).len(), 2);
}

#[test]
fn another_event_under_the_same_key_of_storage_is_lost_and_a_repeat_is_not() {
    let inspector = inspector();
    let send = |event: String| assert_eq!(post(inspector.addr(), "/batch", batch(&[event])).status, 200);
    send(event(1));
    // The same in other words.
    send(event(1).replace(r#"{"n":1}"#, r#"{ "n": 1 }"#));
    send(event(1).replace(r#""u""#, r#""v""#));
    assert_eq!(told(&inspector), []);
    send(event(1).replace(r#"{"n":1}"#, r#"{"n":2}"#));
    send(event(1).replace(r#"{"n":1}"#, r#"{"n":2}"#));
    assert_eq!(told(&inspector), [(4, Some(200), Some(uuid(1)), "uuid_reused")]);
}

#[test]
fn a_request_in_which_no_event_can_be_read_is_told_itself() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", "{");
    post(inspector.addr(), "/nowhere?a=b", "{}");
    inspector.inject(Fault::reset_before_request());
    let broken = crate::client::send(inspector.addr(), "POST", "/batch", &[], b"{}");
    assert!(inspector.wait_for_requests(3, crate::PATIENCE));
    drop(broken);
    let problems = inspector.problems().list;
    // Nobody knows what the one that was broken off would have carried.
    let short: Vec<_> = problems.iter().map(|problem| (problem.endpoint.as_deref(), problem.reason)).collect();
    assert_eq!(short, [(Some("POST /nowhere"), "unknown_path"), (Some("POST /batch"), "request_parsing_error")]);
    assert!(problems[1].details.as_deref().unwrap().starts_with("failed to parse request: EOF"), "{problems:?}");
}

#[test]
fn every_refusal_of_a_body_has_a_reason_of_its_own() {
    let inspector = inspector();
    let own = |fields: &str| format!(r#"{{"api_key":"k","batch":[{{{fields}}}]}}"#);
    for (path, body, expected) in [
        ("/batch", String::new(), "empty_body"),
        ("/batch", "[]".to_owned(), "empty_batch"),
        ("/batch", own(r#""event":"","distinct_id":"u""#), "missing_event_name"),
        ("/batch", own(r#""event":"e""#), "missing_distinct_id"),
        (
            "/batch",
            own(r#""event":"e","distinct_id":"u","properties":{"$cookieless_mode":1}"#),
            "invalid_cookieless_mode",
        ),
        ("/batch", own(r#""event":"$performance_event","distinct_id":"u""#), "performance_event"),
        ("/batch", own(r#""event":"e","distinct_id":"u""#).replace(r#""k""#, r#""phx_k""#), "invalid_api_token"),
        ("/e", r#"{"event":"e","distinct_id":"u"}"#.to_owned(), "missing_api_key"),
        (
            "/e",
            r#"[{"event":"e","distinct_id":"u","token":"a"},{"event":"e","distinct_id":"u","token":"b"}]"#.to_owned(),
            "inconsistent_api_keys",
        ),
        ("/batch?beacon=x", own(r#""event":"e","distinct_id":"u""#), "invalid_query"),
        ("/batch?compression=lz64", "x".to_owned(), "unsupported_encoding"),
        ("/batch?compression=gzip", "x".to_owned(), "request_decoding_error"),
        ("/i/v0/ai/batch", own(r#""event":"e","distinct_id":"u""#), "misrouted_event"),
        ("/i/v1/analytics/events", "{}".to_owned(), "missing_authorization"),
    ] {
        post(inspector.addr(), path, &body);
        let reasons: Vec<_> = inspector.problems().list.iter().map(|problem| problem.reason).collect();
        assert!(!reasons.is_empty() && reasons.iter().all(|reason| *reason == expected), "{path} {body}: {reasons:?}");
        inspector.reset();
    }
}

#[test]
fn problems_are_shown_in_pages_the_newest_first_each_with_what_to_change() {
    let inspector = inspector();
    let wrong = |number: u32| event(number).replace(r#""distinct_id":"u","#, "");
    post(inspector.addr(), "/batch", batch(&[event(1), wrong(2)]));
    post(inspector.addr(), "/batch", batch(&[wrong(3)]));
    let shown = |query: &str| get(inspector.addr(), &format!("/api/problems{query}")).json();
    let numbers = |body: &Value| -> Vec<String> {
        let problems = body["problems"].as_array().unwrap();
        problems.iter().map(|problem| problem["uuid"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&shown("")), [uuid(3), uuid(1), uuid(2)]);
    assert_eq!(numbers(&shown("?limit=1&offset=1")), [uuid(1)]);
    assert_eq!(shown("?limit=1&offset=1")["matching"], 3);
    assert_eq!(get(inspector.addr(), "/api/problems?limit=x").status, 400);
    let expected = json!({
        "request": 2,
        "status": 400,
        "endpoint": null,
        "event": "e",
        "uuid": uuid(3),
        "distinct_id": null,
        "reason": "missing_distinct_id",
        "details": "event submitted without a distinct_id",
        "fix": "Send a distinct_id that is not empty with every event.",
    });
    assert_eq!(shown("?limit=1")["problems"], json!([expected]));
}

#[test]
fn a_problem_is_one_line_with_the_fix_at_its_end_whatever_was_sent() {
    let inspector = inspector();
    let name = "\u{1b}[2J\u{202e}".repeat(5_000);
    let event = json!({"event": name, "distinct_id": "", "uuid": uuid(1)}).to_string();
    post(inspector.addr(), "/batch", batch(&[event, crate::event(2)]));
    let problems = inspector.problems().list;
    assert!(problems.iter().all(|problem| problem.event.as_ref().unwrap().chars().count() <= 200));
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(lines[0].starts_with(r"lost (no actor) \u{1b}[2J\u{202e}\u{1b}[2J"), "{lines:?}");
    let end = " (request 1, status 400): missing_distinct_id, event submitted without a distinct_id. Send a distinct_id \
               that is not empty with every event.";
    assert_eq!(lines[1], format!("lost u e{end}"));
    assert!(lines[0].ends_with(end) && lines[0].len() < 1_024, "{lines:?}");
}

#[test]
fn what_is_forgotten_is_not_told_and_that_is_told() {
    let inspector = Inspector::start(InspectorOptions::default().with_capacity(2)).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..2)));
    assert!(inspector.problems().is_complete);
    post(inspector.addr(), "/batch", batch(&events(2..3)));
    assert!(!inspector.problems().is_complete);

    // Of this one the body is forgotten at once.
    let inspector = Inspector::start(InspectorOptions::default().with_capacity_bytes(100)).unwrap();
    inspector.inject(Fault::status(503));
    post(inspector.addr(), "/batch", batch(&events(0..3)));
    let problems = inspector.problems();
    assert_eq!((problems.count, problems.is_complete), (0, false));
}

#[test]
fn no_more_than_so_many_are_told_and_all_are_counted() {
    let inspector = inspector();
    inspector.inject(Fault::status(503));
    post(inspector.addr(), "/batch", batch(&events(0..10_001)));
    let problems = inspector.problems();
    assert_eq!((problems.list.len(), problems.count), (10_000, 10_001));
}
