//! Events go nowhere, as was asked for.

use crate::{KEY, doctor};

#[test]
fn without_a_key_all_is_well_with_a_warning_that_says_what_to_set() {
    let said = doctor(&[], &[]);
    insta::assert_snapshot!(said.text, @r"
    ok    config   nothing is wrong with it
    warn  backend  there is no project key, no events are sent to PostHog
                   fix: set POSTHOG_PROJECT_TOKEN=phc_… to send them, ANALYTICS_BACKEND=inspector with `analytics-inspector` running or ANALYTICS_BACKEND=log to see them
    All is well but for a warning: no events are sent, as configured.
    ");
    assert_eq!(said.code, 0);
}

#[test]
fn whatever_ends_in_the_noop_is_a_failure_where_events_are_required() {
    let cases: [&[(&str, &str)]; 3] =
        [&[], &[("ANALYTICS_BACKEND", "noop")], &[("DO_NOT_TRACK", "1"), ("POSTHOG_API_KEY", KEY)]];
    for variables in cases {
        let said = doctor(variables, &[]);
        assert_eq!(said.code, 0, "{}", said.text);
        assert!(said.line("backend").starts_with("warn  backend  "), "{}", said.text);
        let said = doctor(variables, &["--require"]);
        assert_eq!(said.code, 1, "{}", said.text);
        assert!(said.line("backend").starts_with("fail  backend  "), "{}", said.text);
        // The service may require it itself.
        let required: Vec<_> = variables.iter().copied().chain([("ANALYTICS_REQUIRED", "true")]).collect();
        let said = doctor(&required, &[]);
        assert_eq!(said.code, 1, "{}", said.text);
        assert!(said.line("config").contains("ANALYTICS_REQUIRED: "), "{}", said.text);
    }
}

#[test]
fn a_log_alone_is_well() {
    let said = doctor(&[("ANALYTICS_BACKEND", "log")], &[]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.line("event").starts_with("ok    event    analytics_doctor_ran is a line"), "{}", said.text);
    assert!(said.text.ends_with("events go to log (tracing, target analytics::events).\n"), "{}", said.text);
}
