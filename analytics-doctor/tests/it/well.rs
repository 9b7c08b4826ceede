//! All is well.

use std::fs;

use analytics_inspector::{Inspector, InspectorOptions};

use crate::{KEY, TextFile, doctor, sending_to};

fn inspector() -> Inspector {
    Inspector::start(InspectorOptions::default()).unwrap()
}

#[test]
fn every_layer_is_told_of_and_one_event_arrives() {
    let inspector = inspector();
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
    ok    event    analytics_doctor_ran was taken, which is no proof that it is stored   N ms
    All is well: events go to posthog at http://HOST (region local) with the key phc_abcd…FG.
    ");
    assert_eq!(said.code, 0);
    let [event] = &inspector.events()[..] else { panic!("{:?}", inspector.events()) };
    assert_eq!((event.event.as_str(), event.distinct_id.as_str()), ("analytics_doctor_ran", "analytics-doctor"));
    assert_eq!(event.property("version"), Some(env!("CARGO_PKG_VERSION").into()));
}

#[test]
fn no_event_is_sent_where_none_is_wanted() {
    let inspector = inspector();
    let said = sending_to(&inspector.url(), &["--no-event"]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert_eq!(said.checks(), ["config", "backend", "key", "dns", "tcp", "http", "clock", "verify"]);
    assert_eq!(inspector.totals().requests, 0);
}

#[test]
fn a_name_is_looked_up() {
    let inspector = inspector();
    let url = inspector.url().replace("127.0.0.1", "localhost");
    let said = sending_to(&url, &["--no-event"]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.line("dns").starts_with("ok    dns      localhost → "), "{}", said.text);
    assert!(said.line("dns").ends_with(" ms"), "{}", said.text);
}

#[test]
fn a_program_reads_the_same_as_json() {
    let inspector = inspector();
    let said = sending_to(&inspector.url(), &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&said.text).unwrap();
    assert_eq!((said.code, &json["exit_code"]), (0, &0.into()));
    let checks = json["checks"].as_array().unwrap();
    let names: Vec<_> = checks.iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert_eq!(names, ["config", "backend", "key", "dns", "tcp", "http", "clock", "verify", "event"]);
    assert!(checks.iter().all(|check| check["level"] == "ok" && check.get("fix").is_none()), "{json}");
    assert!(checks[4]["ms"].is_number() && checks[0].get("ms").is_none(), "{json}");
    assert!(json["verdict"].as_str().unwrap().starts_with("All is well: events go to posthog at "), "{json}");
}

#[test]
fn variables_of_a_file_win_over_those_of_the_environment() {
    let inspector = inspector();
    let text = format!("# what the service has\nexport POSTHOG_API_KEY=\"{KEY}\"\nPOSTHOG_HOST={}\n", inspector.url());
    let file = TextFile::new("of_a_file.env", &text);
    let said = doctor(&[("POSTHOG_HOST", "http://127.0.0.1:1")], &["--env-file", file.path()]);
    assert_eq!(said.code, 0, "{}{}", said.text, said.complaint);
    assert_eq!(inspector.totals().unique_events, 1);
    // And the exit code is that of the examination.
    fs::write(file.path(), "ANALYTICS_BACKEND=kafka").unwrap();
    assert_eq!(doctor(&[], &["--env-file", file.path()]).code, 1);
}

#[test]
fn the_inspector_has_a_stand_in_for_a_key_and_is_not_asked_for_it() {
    let inspector = inspector();
    let variables = [("ANALYTICS_BACKEND", "inspector"), ("ANALYTICS_INSPECTOR_URL", &inspector.url())];
    let said = doctor(&variables, &[]);
    assert_eq!((said.code, inspector.totals().unique_events), (0, 1), "{}", said.text);
    assert_eq!(said.checks(), ["config", "backend", "key", "dns", "tcp", "http", "clock", "event"]);
    assert!(said.line("backend").ends_with("; ANALYTICS_BACKEND names it"), "{}", said.text);
    assert!(said.line("key").contains("stands in for a key"), "{}", said.text);
}

#[test]
fn each_of_several_backends_is_told_of() {
    let inspector = inspector();
    let url = inspector.url();
    let variables = [
        ("ANALYTICS_BACKEND", "auto,inspector,log"),
        ("POSTHOG_API_KEY", KEY),
        ("POSTHOG_HOST", &url),
        ("ANALYTICS_INSPECTOR_URL", &url),
    ];
    let said = doctor(&variables, &[]);
    assert_eq!(said.code, 0, "{}", said.text);
    let count = |name| said.checks().iter().filter(|check| **check == name).count();
    assert_eq!(["backend", "key", "tcp", "verify", "event"].map(count), [3, 2, 2, 1, 1], "{}", said.text);
}
