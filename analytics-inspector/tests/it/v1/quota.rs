//! A project over its quota.

use analytics_inspector::{Fault, Verdict};
use serde_json::json;

use super::{batch, event, send, verdicts, with};
use crate::client::{get, post};
use crate::inspector;

#[test]
fn over_quota_is_402_or_429_and_nothing_is_stored() {
    for (status, retry_after) in [(402, None), (429, Some("1"))] {
        let inspector = inspector();
        inspector.inject(Fault::over_quota(status));
        let answer = send(&inspector, batch(&[event(1), event(2)]));
        assert_eq!((answer.status, &answer.json()["error"]), (status, &json!("billing_limit_exceeded")));
        assert_eq!(answer.header("retry-after"), retry_after);
        assert_eq!(answer.header("posthog-request-id"), Some(super::REQUEST_ID));
        let request = inspector.requests().remove(0);
        assert_eq!((request.status, request.events, request.fault.as_deref()), (Some(status), 2, Some("over_quota")));
        assert!(request.reason.unwrap().starts_with("billing_limit_exceeded: "));
        assert_eq!((inspector.totals().events_accepted, inspector.totals().requests_refused), (0, 1));
        assert_eq!(verdicts(&send(&inspector, batch(&[event(1)]))), ["ok"]);
    }
}

#[test]
fn the_first_protocol_calls_it_a_success() {
    let inspector = inspector();
    inspector.inject(Fault::over_quota(402).always());
    for path in ["/batch/", "/i/v0/e/?beacon=1", "/capture"] {
        let answer = post(inspector.addr(), path, crate::batch(&[crate::event(1)]));
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({"status": "Ok", "quota_limited": ["events"]})),
            "{path}"
        );
    }
    assert_eq!((inspector.totals().events_accepted, inspector.totals().requests_refused), (0, 0));
    let rows = get(inspector.addr(), "/api/page/feed").json()["rows"].clone();
    assert_eq!((&rows[0]["verdict"], &rows[0]["fault"]), (&json!("refused"), &json!("over_quota")));
}

#[test]
fn what_would_be_refused_or_dropped_is_so_all_the_same() {
    let inspector = inspector();
    inspector.inject(Fault::over_quota(402).always());
    assert_eq!(send(&inspector, "{").json()["error"], "request_parsing_error");
    assert_eq!(verdicts(&send(&inspector, batch(&[with(1, "event", json!(""))]))), ["drop missing_event_name"]);
    assert_eq!(post(inspector.addr(), "/batch", "{").status, 400);
}

#[test]
fn it_can_be_armed_over_the_api_with_one_of_its_two_statuses() {
    let inspector = inspector();
    for (spec, expected) in [(json!({"over_quota": 429, "times": 2}), 204), (json!({"over_quota": 403}), 400)] {
        assert_eq!(post(inspector.addr(), "/api/faults", spec.to_string()).status, expected, "{spec}");
    }
    let listed = get(inspector.addr(), "/api/faults").json();
    assert_eq!(listed["faults"], json!([{"id": 1, "over_quota": 429, "times": 2, "acted": 0}]));
    assert_eq!(send(&inspector, batch(&[event(1)])).status, 429);
    inspector.clear_faults();
    inspector.inject(Fault::over_quota(500));
    let answer = send(&inspector, batch(&[event(1)]));
    assert!(answer.status == 500 && answer.body.contains("impossible status: 500"), "{}", answer.body);
}

#[test]
fn single_events_over_a_quota_are_a_verdict_with_details() {
    let inspector = inspector();
    for details in ["billing_limit_exceeded", "exceptions_over_quota"] {
        inspector.inject(Fault::verdict(Verdict::Drop).if_body_contains("\"n\":1}").with_details(details));
        let told = verdicts(&send(&inspector, batch(&[event(0), event(1)])));
        assert_eq!(told, ["ok".to_owned(), format!("drop {details}")]);
    }
}
