//! Failing on demand.

use std::io::Read as _;
use std::time::Duration;

use analytics_inspector::Fault;

use crate::client::{post, request, send};
use crate::{PATIENCE, batch, events, inspector};

const AN_HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn a_status_fault_answers_as_told_and_then_no_more() {
    let inspector = inspector();
    inspector.inject(Fault::status(503).with_header("Retry-After", "2").with_body("<html>busy</html>").times(2));
    let body = batch(&events(0..3));
    for _ in 0..2 {
        let answer = post(inspector.addr(), "/batch", &body);
        assert_eq!((answer.status, answer.body.as_str()), (503, "<html>busy</html>"));
        assert_eq!(answer.header("retry-after"), Some("2"));
    }
    assert_eq!(post(inspector.addr(), "/batch", &body).status, 200);

    let requests = inspector.requests();
    let seen: Vec<_> = requests.iter().map(|request| (request.status, request.events)).collect();
    assert_eq!(seen, [(Some(503), 3), (Some(503), 3), (Some(200), 3)]);
    let totals = inspector.totals();
    assert_eq!((totals.requests, totals.requests_refused), (3, 2));
    assert_eq!((totals.events_accepted, totals.duplicate_events), (3, 0));
}

#[test]
fn faults_happen_in_the_order_in_which_they_were_injected() {
    let inspector = inspector();
    inspector.inject(Fault::status(429).times(2));
    inspector.inject(Fault::status(500).times(0));
    inspector.inject(Fault::status(502));
    inspector.inject(Fault::status(503).always());
    inspector.inject(Fault::status(504));
    let status = || post(inspector.addr(), "/e/", batch(&events(0..1))).status;
    let seen: Vec<u16> = (0..6).map(|_| status()).collect();
    assert_eq!(seen, [429, 429, 502, 503, 503, 503]);
    inspector.clear_faults();
    assert_eq!(status(), 200);
}

#[test]
fn only_requests_on_capture_routes_use_a_fault_up() {
    let inspector = inspector();
    inspector.inject(Fault::status(503));
    assert_eq!(post(inspector.addr(), "/nowhere", "").status, 404);
    assert_eq!(crate::client::get(inspector.addr(), "/api/health").status, 200);
    assert_eq!(post(inspector.addr(), "/batch", "").status, 503);
    assert_eq!(post(inspector.addr(), "/batch", "").status, 400);
}

#[test]
fn events_are_accepted_if_the_fault_answers_2xx_and_they_deserve_it() {
    let inspector = inspector();
    inspector.inject(Fault::status(202).with_body("<html>login</html>").times(2));
    let answer = post(inspector.addr(), "/batch", batch(&events(0..2)));
    assert_eq!((answer.status, answer.body.as_str()), (202, "<html>login</html>"));
    assert_eq!(post(inspector.addr(), "/batch", "{").status, 202);
    assert_eq!(inspector.totals().unique_events, 2);
    assert_eq!(inspector.totals().requests_refused, 0);
}

#[test]
fn a_delayed_answer_comes_when_it_is_due_and_holds_up_nobody_else() {
    let inspector = inspector();
    inspector.inject(Fault::delay(AN_HOUR));
    inspector.inject(Fault::delay(Duration::from_millis(5)).with_header("X-Late", "yes"));
    let waiting = send(inspector.addr(), "POST", "/batch", &[], batch(&events(0..1)).as_bytes());
    assert!(inspector.wait_for_requests(1, PATIENCE));
    let late = post(inspector.addr(), "/batch", batch(&events(1..2)));
    assert_eq!((late.status, late.body.as_str()), (200, r#"{"status":"Ok"}"#));
    assert_eq!(late.header("x-late"), Some("yes"));
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(2..3))).status, 200);

    let status: Vec<_> = inspector.requests().iter().map(|request| request.status).collect();
    assert_eq!(status, [None, Some(200), Some(200)]);
    assert_eq!(inspector.totals().unique_events, 2);
    assert_eq!(inspector.totals().requests_refused, 1);
    drop(waiting);
}

#[test]
fn a_request_that_is_never_answered_is_seen_and_gets_no_byte_until_the_server_stops() {
    let inspector = inspector();
    inspector.inject(Fault::never_answer());
    let mut hung = send(inspector.addr(), "POST", "/batch", &[], batch(&events(0..2)).as_bytes());
    assert!(inspector.wait_for_requests(1, PATIENCE));
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(2..3))).status, 200);

    let request = inspector.requests().remove(0);
    assert_eq!((request.status, request.events), (None, 2));
    assert_eq!(inspector.totals().requests_refused, 1);
    assert_eq!(inspector.totals().unique_events, 1);

    drop(inspector);
    let mut answer = Vec::new();
    hung.read_to_end(&mut answer).expect("a closed connection");
    assert_eq!(answer, b"");
}

#[test]
fn a_fault_that_http_cannot_express_is_a_500_that_says_so() {
    let inspector = inspector();
    for fault in [
        Fault::status(99),
        Fault::status(101),
        Fault::status(1000),
        Fault::status(503).with_header("Retry After", "2"),
        Fault::status(503).with_header("Retry-After", "2\r\nX: y"),
    ] {
        inspector.inject(fault);
        let answer = post(inspector.addr(), "/batch", batch(&events(0..1)));
        assert_eq!(answer.status, 500);
        assert!(answer.body.starts_with("the armed fault has an impossible"), "{}", answer.body);
    }
}

#[test]
fn one_fault_is_disarmed_over_the_api_and_the_others_stay() {
    let inspector = inspector();
    for status in [429, 502, 503] {
        assert_eq!(post(inspector.addr(), "/api/faults", format!(r#"{{"status":{status},"times":1}}"#)).status, 204);
    }
    let ids = || -> Vec<u64> { inspector.faults().iter().map(|report| report.id).collect() };
    let [first, second, third] = ids()[..] else { panic!("three faults") };
    let delete = |id| request(inspector.addr(), "DELETE", &format!("/api/faults/{id}"), &[], b"").status;
    assert_eq!((delete(second), delete(second)), (204, 404));
    assert_eq!(ids(), [first, third]);
    let statuses = [(); 3].map(|()| post(inspector.addr(), "/batch", batch(&events(0..1))).status);
    assert_eq!(statuses, [429, 503, 200]);
    assert_eq!((delete(first), ids()), (204, vec![third]), "what a fault that is over has done is forgotten");
}
