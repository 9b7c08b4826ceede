//! The server cannot be reached.

use std::net::TcpListener;

use analytics_inspector::{Fault, Inspector, InspectorOptions};

use crate::sending_to;

#[test]
fn a_connection_that_is_refused_ends_it() {
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let said = sending_to(&url, &[]);
    let text = said.masked(&url);
    // The system has its own words for it.
    let known = text.replace(
        text.lines().find_map(|line| line.strip_prefix("fail  tcp      no connection to HOST: ")).unwrap(),
        "WHY",
    );
    insta::assert_snapshot!(known, @r"
    ok    config   nothing is wrong with it
    ok    backend  posthog at http://HOST (region local) with the key phc_abcd…FG; auto: POSTHOG_API_KEY is set
    ok    key      phc_abcd…FG from POSTHOG_API_KEY looks like a project's key
    ok    dns      127.0.0.1 is an address
    fail  tcp      no connection to HOST: WHY
                   fix: nothing listens there: start the server, for the backend `inspector` the program analytics-inspector, or check the port
    Events would not arrive: the server cannot be reached.
    ");
    assert_eq!(said.code, 2);
}

#[test]
fn a_name_that_nobody_has_ends_it() {
    let said = sending_to("https://posthog.invalid", &[]);
    assert_eq!(said.code, 2, "{}", said.text);
    assert_eq!(said.checks(), ["config", "backend", "key", "dns"]);
    assert!(said.line("dns").starts_with("fail  dns      posthog.invalid has no address: "), "{}", said.text);
}

#[test]
fn a_server_that_says_nothing_is_waited_for_no_longer_than_told() {
    // It takes connections, which the system does for it, and reads nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let said = sending_to(&format!("http://{}", listener.local_addr().unwrap()), &["--timeout", "1s"]);
    assert_eq!(said.code, 2, "{}", said.text);
    assert!(said.line("tcp").starts_with("ok "), "{}", said.text);
    assert!(said.line("http").starts_with("fail  http     no answer: none in time"), "{}", said.text);
}

#[test]
fn an_event_that_is_not_taken_in_time_says_why() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    inspector.inject(Fault::status(503).always());
    let said = sending_to(&inspector.url(), &["--timeout=3s"]);
    assert_eq!(said.code, 2, "{}", said.text);
    let line = said.line("event");
    assert!(line.starts_with("fail  event    analytics_doctor_ran was not taken in time: status 503"), "{line}");
    assert!(said.verdict().starts_with("Events would not arrive"), "{}", said.text);
}

#[test]
fn a_proxy_is_told_of_and_not_looked_behind() {
    let proxy = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let variables =
        [("POSTHOG_API_KEY", crate::KEY), ("POSTHOG_HOST", "https://posthog.invalid"), ("HTTPS_PROXY", &proxy)];
    let said = crate::doctor(&variables, &[]);
    assert_eq!(said.code, 2, "{}", said.text);
    assert_eq!(said.checks(), ["config", "backend", "key", "proxy", "http"]);
    assert!(said.line("proxy").starts_with("ok    proxy    HTTPS_PROXY is set"), "{}", said.text);
    // One for which there is an exception is looked up here.
    let exempt: Vec<_> = variables.into_iter().chain([("NO_PROXY", "localhost, .invalid")]).collect();
    assert_eq!(crate::doctor(&exempt, &[]).checks().last(), Some(&"dns"));
}
