//! The server is there, and refuses.

use analytics_inspector::{Fault, Inspector, InspectorOptions};

use crate::{KEY, sending_to, server};

#[test]
fn a_key_that_is_not_accepted_is_a_refusal() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    inspector.inject(Fault::status(401).with_body("API key is not valid").always());
    let said = sending_to(&inspector.url(), &[]);
    insta::assert_snapshot!(said.masked(&inspector.url()), @r"
    ok    config   nothing is wrong with it
    ok    backend  posthog at http://HOST (region local) with the key phc_abcd…FG; auto: POSTHOG_API_KEY is set
    ok    key      phc_abcd…FG from POSTHOG_API_KEY looks like a project's key
    ok    dns      127.0.0.1 is an address
    ok    tcp      connected to HOST   N ms
    ok    http     GET / → 200, with a connection of its own   N ms
    ok    clock    in step with the server's
    ok    verify   the server knows the key   N ms
    fail  event    analytics_doctor_ran was refused for its key: status 401: API key is not valid; is the key a project's of this region?   N ms
                   fix: copy the key of a project in this region
    Events would be lost: the server refuses the key or the event.
    ");
    assert_eq!(said.code, 3);
}

#[test]
fn an_event_that_is_too_large_or_not_readable_is_a_refusal() {
    for (status, reason) in [(413, "too_large"), (400, "refused")] {
        let inspector = Inspector::start(InspectorOptions::default()).unwrap();
        inspector.inject(Fault::status(status).always());
        let said = sending_to(&inspector.url(), &[]);
        assert_eq!(said.code, 3, "{}", said.text);
        let start = format!("fail  event    analytics_doctor_ran was refused, {reason}: status {status}");
        assert!(said.line("event").starts_with(&start), "{}", said.text);
        assert!(said.verdict().starts_with("Events would be lost"), "{}", said.text);
    }
}

#[test]
fn what_somebody_on_the_way_refuses_is_kept_and_in_time_not_taken() {
    for (status, body) in [(404, ""), (403, "<html>Forbidden</html>"), (400, "bad gateway configuration")] {
        let inspector = Inspector::start(InspectorOptions::default()).unwrap();
        inspector.inject(Fault::status(status).with_body(body).always());
        let said = sending_to(&inspector.url(), &["--timeout", "1s"]);
        assert_eq!(said.code, 2, "{}", said.text);
        let start =
            format!("fail  event    analytics_doctor_ran was not taken in time: status {status}, not PostHog's answer");
        assert!(said.line("event").starts_with(&start), "{}", said.text);
        assert!(said.verdict().ends_with("none was taken in time."), "{}", said.text);
    }
}

#[test]
fn a_key_that_the_server_does_not_know_is_a_refusal_and_no_event_is_sent() {
    // To the first page and to the question about the key it says the same.
    let url = server::serve("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned());
    let said = sending_to(&url, &[]);
    insta::assert_snapshot!(said.masked(&url), @r"
    ok    config   nothing is wrong with it
    ok    backend  posthog at http://HOST (region local) with the key phc_abcd…FG; auto: POSTHOG_API_KEY is set
    ok    key      phc_abcd…FG from POSTHOG_API_KEY looks like a project's key
    ok    dns      127.0.0.1 is an address
    ok    tcp      connected to HOST   N ms
    ok    http     GET / → 401, with a connection of its own   N ms
    fail  verify   the server does not know the key: its events are answered 200 and lost   N ms
                   fix: copy the key of a project in this region; PostHog says the same of a key that is minutes old, and while it cannot look keys up
    Events would be lost: the server refuses the key or the event.
    ");
    assert_eq!(said.code, 3);
}

#[test]
fn a_server_that_cannot_be_asked_about_keys_is_warned_of_only() {
    let url = server::serve("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned());
    let said = sending_to(&url, &["--no-event"]);
    assert_eq!(said.code, 0, "{}", said.text);
    let expected = "warn  verify   whether the key is known cannot be told: status 404: this server has no /flags";
    assert!(said.line("verify").starts_with(expected), "{}", said.text);
    assert!(said.verdict().starts_with("All is well but for a warning: "), "{}", said.text);
}

#[test]
fn a_server_that_repeats_the_key_does_not_have_it_shown() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    inspector.inject(Fault::status(401).with_body(format!("no project has {KEY}")).always());
    let said = sending_to(&inspector.url(), &["--timeout", "1s"]);
    assert!(said.line("event").contains("status 401, not PostHog's answer: no project has …"), "{}", said.text);
}
