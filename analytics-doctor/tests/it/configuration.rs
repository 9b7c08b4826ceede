//! The configuration is wrong.

use analytics_inspector::{Inspector, InspectorOptions};

use crate::{KEY, doctor};

#[test]
fn every_mistake_is_told_with_its_fix() {
    let said = doctor(&[("ANALYTICS_BACKEND", "kafka"), ("ANALYTICS_FLUSHAT", "5"), ("POSTHOG_API_KEY", KEY)], &[]);
    insta::assert_snapshot!(said.text, @r#"
    fail  config   ANALYTICS_FLUSHAT: there is no such variable
                   fix: did you mean ANALYTICS_FLUSH_AT?
    fail  config   ANALYTICS_BACKEND: "kafka" is not a backend
                   fix: use auto, posthog, noop, log, inspector
    The configuration is wrong.
    "#);
    assert_eq!(said.code, 1);
}

#[test]
fn a_personal_key_is_refused_and_not_shown() {
    let personal = KEY.replace("phc_", "phx_");
    let said = doctor(&[("POSTHOG_PROJECT_TOKEN", &personal)], &[]);
    insta::assert_snapshot!(said.text, @r"
    fail  config   POSTHOG_PROJECT_TOKEN: this is a personal API key (phx_…), which must stay secret
                   fix: events need the project's key (phc_…), which PostHog shows under Settings, Project. Revoke the personal key if it was written anywhere
    The configuration is wrong.
    ");
    assert_eq!(said.code, 1);
}

#[test]
fn what_is_no_key_or_no_address_is_told_with_the_fix_for_its_cause_and_not_shown() {
    for (variable, value, fix) in [
        ("POSTHOG_API_KEY", format!("\"{KEY}\""), "fix: write it without them"),
        ("POSTHOG_API_KEY", "${POSTHOG_API_KEY}".to_owned(), "fix: write the value itself"),
        ("POSTHOG_API_KEY", format!("POSTHOG_API_KEY={KEY}"), "fix: write only what stands after the name"),
        ("POSTHOG_API_KEY", "https://eu.i.posthog.com".to_owned(), "fix: it belongs in POSTHOG_HOST"),
        ("POSTHOG_API_KEY", KEY.replace("phc_", "phs_"), "fix: events need the project's key"),
        ("POSTHOG_HOST", "https://eu.posthog.com/project/1".to_owned(), "fix: write https://eu.i.posthog.com"),
        ("POSTHOG_URL", "eu".to_owned(), "fix: did you mean POSTHOG_HOST?"),
        ("ANALYTICS_SOURCE", "'photos'".to_owned(), "fix: write it without them"),
    ] {
        let said = doctor(&[(variable, &value)], &[]);
        assert_eq!(said.code, 1, "{value}: {}", said.text);
        assert!(said.line("config").starts_with(&format!("fail  config   {variable}: ")), "{}", said.text);
        assert!(said.text.contains(fix), "{value}: {}", said.text);
    }
}

#[test]
fn what_others_put_into_the_environment_is_no_mistake() {
    let variables = [
        ("ANALYTICS_SERVICE_HOST", "10.0.0.1"),
        ("ANALYTICS_PORT", "tcp://10.0.0.1:80"),
        ("POSTHOG_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("POSTHOG_PERSONAL_API_KEY", "phx_a"),
        ("ANALYTICS_BUCKET", "events"),
        ("VITE_POSTHOG_KEY", KEY),
    ];
    let said = doctor(&variables, &[]);
    insta::assert_snapshot!(said.text, @r"
    ok    config   nothing is wrong with it
    warn  config   1 variable begins with ANALYTICS_ and is not read: ANALYTICS_BUCKET
                   fix: look for one that was meant for analytics; another program's can stay
    warn  backend  there is no project key, no events are sent to PostHog (VITE_POSTHOG_KEY is a front-end's, and not read)
                   fix: set POSTHOG_PROJECT_TOKEN=phc_… to send them, ANALYTICS_BACKEND=inspector with `analytics-inspector` running or ANALYTICS_BACKEND=log to see them
    All is well but for 2 warnings: no events are sent, as configured.
    ");
    assert_eq!(said.code, 0);
}

#[test]
fn a_key_of_an_odd_shape_is_warned_of() {
    // Nothing is reached: the name is one that nobody has.
    let variables = [("POSTHOG_API_KEY", "abcdefghij"), ("POSTHOG_HOST", "https://posthog.invalid")];
    let said = doctor(&variables, &[]);
    assert!(said.line("key").starts_with("warn  key      abcd… "), "{}", said.text);
    assert!(said.line("key").ends_with("from POSTHOG_API_KEY does not begin with phc_"), "{}", said.text);
    assert!(!said.text.contains("abcdefghij"), "{}", said.text);
}

#[test]
fn a_test_process_reaches_for_nobody_but_this_machine() {
    let variables = [("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", "https://posthog.invalid"), ("NEXTEST", "1")];
    let said = doctor(&variables, &[]);
    insta::assert_snapshot!(said.text, @r"
    ok    config   nothing is wrong with it
    ok    backend  posthog at https://posthog.invalid (region self-hosted) with the key phc_abcd…FG; auto: POSTHOG_API_KEY is set
    ok    key      phc_abcd…FG from POSTHOG_API_KEY looks like a project's key
    fail  start    posthog does not start: this is a test process (NEXTEST is set), and test events do not belong in a project
                   fix: run an installed program, not one in a `target` folder; or set ANALYTICS_ALLOW_IN_TESTS=true
    The configuration is wrong.
    ");
    assert_eq!(said.code, 1);
}

#[test]
fn the_question_about_the_key_is_asked_in_its_turn_whatever_the_service_does_at_start() {
    // If it were asked at start, this would be a mistake of the configuration.
    let variables =
        [("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", "http://127.0.0.1:1"), ("ANALYTICS_VERIFY_KEY", "require")];
    let said = doctor(&variables, &[]);
    assert_eq!(said.code, 2, "{}", said.text);
    assert_eq!(said.checks().last(), Some(&"tcp"), "{}", said.text);
}

#[test]
fn a_key_in_the_wrong_variable_is_not_shown() {
    for variable in ["POSTHOG_HOST", "ANALYTICS_BACKEND", "ANALYTICS_VERIFY_KEY", "ANALYTICS_FLUSH_AT", "DO_NOT_TRACK"]
    {
        let said = doctor(&[(variable, KEY)], &[]);
        assert_eq!(said.code, 1, "{variable}: {}", said.text);
        assert!(said.line("config").contains(variable), "{}", said.text);
    }
}

#[test]
fn an_event_over_the_services_own_limit_is_a_mistake_of_the_configuration() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let variables = [("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", &inspector.url()), ("ANALYTICS_MAX_EVENT_BYTES", "20")];
    let said = doctor(&variables, &[]);
    assert_eq!((said.code, inspector.totals().requests), (1, 0), "{}", said.text);
    assert!(said.line("event").contains("was dropped before it was sent, too_large"), "{}", said.text);
}

#[test]
fn an_event_that_the_queue_is_too_small_for_is_told_of_the_queue() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let variables = [("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", &inspector.url()), ("ANALYTICS_QUEUE_BYTES", "20")];
    let said = doctor(&variables, &[]);
    assert_eq!((said.code, inspector.totals().requests), (1, 0), "{}", said.text);
    assert!(said.text.contains("ANALYTICS_QUEUE_BYTES"), "{}", said.text);
}
