//! How a request is told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use analytics_core::Exception;
use analytics_http::{HttpRequest, RequestDuration, RequestOptions};

use crate::support::{begin, service};

const GRPC: &[(&str, &str)] = &[("content-type", "application/grpc+proto")];

#[test]
fn an_answer_is_told_with_its_headers() {
    let (analytics, recorded) = service();
    assert!(begin(&analytics, &RequestOptions::new(), &[]).answered(404, Some(b"0")).is_none());
    let request = recorded
        .assert_one(HttpRequest::EVENT)
        .with("outcome", "answered")
        .with("http_status", 404)
        .with("grpc_status", None::<u16>)
        .with("http_method", "GET")
        .record();
    assert!(request.properties().iter().any(|property| property.key() == "duration_ms"));
}

#[test]
fn or_with_its_end() {
    let (analytics, recorded) = service();
    let options = RequestOptions::new().with_duration(RequestDuration::ToEnd);
    let begun = || begin(&analytics, &options, &[]);
    let body = begun().answered(200, None).unwrap();
    recorded.assert_none(HttpRequest::EVENT);
    body.completed();
    begun().answered(201, None).unwrap().failed();
    drop(begun().answered(202, None).unwrap());
    let outcome = |status: u16, outcome: &str| {
        recorded.assert_one(HttpRequest::EVENT).with("http_status", status).with("outcome", outcome);
    };
    outcome(200, "answered");
    outcome(201, "failed");
    outcome(202, "cancelled");
}

#[test]
fn an_answer_that_has_no_body_ends_with_its_headers() {
    let (analytics, recorded) = service();
    let options = RequestOptions::new().with_duration(RequestDuration::ToEnd);
    for status in [101, 204, 304] {
        assert!(begin(&analytics, &options, GRPC).answered(status, None).is_none());
        recorded.assert_one(HttpRequest::EVENT).with("http_status", status).with("outcome", "answered");
    }
}

#[test]
fn one_without_an_answer_was_cancelled_or_failed_or_panicked() {
    let (analytics, recorded) = service();
    let options = RequestOptions::new();
    drop(begin(&analytics, &options, &[]));
    begin(&analytics, &options, &[]).failed();
    let request = begin(&analytics, &options, &[]);
    let _panic = catch_unwind(AssertUnwindSafe(move || {
        let _request = request;
        std::panic::resume_unwind(Box::new("no message is printed for it"));
    }));
    for outcome in ["cancelled", "failed", "panicked"] {
        recorded.assert_one(HttpRequest::EVENT).with("outcome", outcome).with("http_status", None::<u16>);
    }
}

#[test]
fn a_grpc_calls_status_is_in_the_headers_or_in_the_trailers() {
    let (analytics, recorded) = service();
    let begun = || begin(&analytics, &RequestOptions::new(), GRPC);
    assert!(begun().answered(200, Some(b"5")).is_none());
    recorded.assert_one(HttpRequest::EVENT).with("grpc_status", 5).with("http_route", "/orders/{id}");

    let mut body = begun().answered(200, None).unwrap();
    body.set_grpc_status(None);
    body.set_grpc_status(Some(b"x"));
    body.set_grpc_status(Some(b"0"));
    body.completed();
    recorded.assert_one(HttpRequest::EVENT).with("grpc_status", 0);

    // A method that nobody has is a text of the client's.
    assert!(begun().answered(200, Some(b"12")).is_none());
    recorded.assert_one(HttpRequest::EVENT).with("grpc_status", 12).without("http_route");
}

#[test]
fn the_request_itself_need_not_be_an_event_and_its_errors_are() {
    let (analytics, recorded) = service();
    let request = begin(&analytics, &RequestOptions::new().without_request_event(), &[]);
    request.track_error(&Exception::named("Upstream", &"503"));
    assert!(request.answered(500, None).is_none());
    recorded.assert_none(HttpRequest::EVENT);
    let options = RequestOptions::new().without_request_events_of(["/health", "/orders/{id}"]);
    assert!(begin(&analytics, &options, &[]).answered(200, None).is_none());
    recorded.assert_none(HttpRequest::EVENT);
    let options = RequestOptions::new().without_request_events_of(["/health"]);
    assert!(begin(&analytics, &options, &[]).answered(200, None).is_none());
    recorded.assert_one(HttpRequest::EVENT);
    recorded.assert_one("exception").with("http_route", "/orders/{id}");
}
