//! An environment into which others write.

use std::ffi::OsString;

use product_analytics::{AnalyticsConfig, explain_vars, from_vars};

use crate::logs::captured;

/// What Kubernetes sets for a Service of this name, and Docker for a link to it.
fn links(service: &str) -> Vec<(OsString, OsString)> {
    [
        ("SERVICE_HOST", "10.0.0.1"),
        ("SERVICE_PORT", "80"),
        ("SERVICE_PORT_HTTP", "80"),
        ("PORT", "tcp://10.0.0.1:80"),
        ("PORT_80_TCP", "tcp://10.0.0.1:80"),
        ("PORT_80_TCP_PROTO", "tcp"),
        ("PORT_80_TCP_PORT", "80"),
        ("PORT_80_TCP_ADDR", "10.0.0.1"),
        ("NAME", "/web/other"),
        ("ENV_POSTGRES_PASSWORD", "swordfish"),
    ]
    .map(|(end, value)| (format!("{service}_{end}").into(), value.into()))
    .into()
}

/// The lines of a start with these variables.
fn lines(vars: Vec<(OsString, OsString)>) -> Vec<String> {
    let (started, lines) = captured(|| from_vars(vars));
    started.unwrap();
    lines
}

fn set(vars: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    vars.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

#[test]
fn services_with_our_names_are_passed_over_in_silence() {
    let services = ["ANALYTICS", "ANALYTICS_API", "ANALYTICS_QUEUE", "ANALYTICS_BACKEND", "POSTHOG", "POSTHOG_WEB"];
    let vars: Vec<_> = services.iter().flat_map(|service| links(service)).collect();
    let lines = lines(vars);
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert!(line.contains("there is no project key"), "{line}");
}

#[test]
fn what_else_begins_like_ours_is_one_line_without_values() {
    let mut vars =
        set(&[("ANALYTICS_TABLE", "swordfish"), ("ANALYTICS_BUCKET", "swordfish"), ("ANALYTICS_EMPTY", " ")]);
    vars.push(("ANALYTICS_\u{1b}[2J".into(), "swordfish".into()));
    let lines = lines(vars.clone());
    let [_, line] = &lines[..] else { panic!("{lines:?}") };
    let expected =
        r"3 variables begin with ANALYTICS_ and are not read: ANALYTICS_\u{1b}[2J, ANALYTICS_BUCKET, ANALYTICS_TABLE";
    assert!(line.starts_with("INFO ") && line.ends_with(expected), "{line}");
    let explanation = explain_vars(vars).unwrap();
    assert_eq!(explanation.unread.names().len(), 3);
    assert!(!format!("{explanation:?}{explanation}").contains("swordfish"), "{explanation:?}");
}

#[test]
fn a_configuration_keeps_what_stood_beside_it_until_the_start() {
    let config = AnalyticsConfig::from_vars([("ANALYTICS_TABLE", "events")]).unwrap();
    let (_, lines) = captured(|| config.build().unwrap());
    assert!(lines.join("\n").contains("not read: ANALYTICS_TABLE"), "{lines:?}");
}

#[test]
fn a_front_ends_key_is_named_only_where_there_is_no_other() {
    let front_end = ("NEXT_PUBLIC_POSTHOG_KEY", "phc_abcdefghijklmnopqrstuvwxyz");
    let lines = lines(set(&[front_end, ("VITE_POSTHOG_KEY", front_end.1)]));
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let aside = "no events are sent to PostHog (NEXT_PUBLIC_POSTHOG_KEY is a front-end's, and not read); set POSTHOG_";
    assert!(line.contains(aside) && !line.contains("phc_abc"), "{line}");
    #[cfg(feature = "posthog")]
    {
        let own = [front_end, ("POSTHOG_API_KEY", front_end.1), ("POSTHOG_HOST", "http://127.0.0.1:9")];
        let explanation = explain_vars(own).unwrap();
        assert!(!explanation.to_string().contains("NEXT_PUBLIC"), "{explanation}");
    }
}

#[test]
fn names_and_values_of_others_may_be_no_text() {
    #[cfg(unix)]
    let garbage = |text: &str| -> OsString {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0xff);
        std::os::unix::ffi::OsStringExt::from_vec(bytes)
    };
    #[cfg(not(unix))]
    let garbage = |text: &str| -> OsString {
        let wide: Vec<u16> = text.encode_utf16().chain([0xd800]).collect();
        std::os::windows::ffi::OsStringExt::from_wide(&wide)
    };
    let vars = vec![
        (garbage("PATH"), garbage("/bin")),
        ("LANG".into(), garbage("C")),
        ("POSTHOG_PERSONAL_API_KEY".into(), garbage("phx_")),
        ("ANALYTICS_TABLE".into(), garbage("events")),
        (garbage("ANALYTICS_OF_OTHERS_"), "x".into()),
    ];
    let lines = lines(vars);
    assert!(lines.concat().ends_with("not read: ANALYTICS_OF_OTHERS_\u{fffd}, ANALYTICS_TABLE"), "{lines:?}");
    let near = from_vars([(garbage("ANALYTICS_BACKEND"), OsString::from("log"))]).unwrap_err();
    assert!(near.to_string().contains("did you mean ANALYTICS_BACKEND?"), "{near}");
}

#[test]
fn a_name_that_was_meant_to_be_ours_is_an_error_that_names_the_right_one() {
    for (name, value, right) in [
        ("ANALYTICS_BACKED", "log", "ANALYTICS_BACKEND"),
        ("analytics_backend", "log", "ANALYTICS_BACKEND"),
        ("POSTHOG_API_TOKEN", "phc_1", "POSTHOG_API_KEY"),
        ("POSTHOG_KEY", "phc_1", "POSTHOG_API_KEY"),
        ("POSTHOG_TOKEN", "phc_1", "POSTHOG_PROJECT_TOKEN"),
        ("POSTHOG_PROJECT_KEY", "phc_1", "POSTHOG_PROJECT_API_KEY"),
        ("POSTHOG_URL", "https://eu.i.posthog.com", "POSTHOG_HOST"),
        ("POSTHOG_API_HOST", "eu", "POSTHOG_HOST"),
        ("POSTHOG_DISABLED", "1", "ANALYTICS_DISABLED"),
        ("DONOTTRACK", "1", "DO_NOT_TRACK"),
    ] {
        let errors = from_vars([(name, value)]).unwrap_err();
        // A key for which nothing is compiled in is an error of its own.
        let expected =
            if cfg!(feature = "posthog") || !right.contains("_KEY") && !right.contains("TOKEN") { 1 } else { 2 };
        assert_eq!(errors.errors().len(), expected, "{errors}");
        let error = &errors.errors()[0];
        assert_eq!((error.setting(), error.problem()), (name, "there is no such variable"));
        assert!(error.fix().contains(&format!("did you mean {right}?")), "{error}");
        assert!(!errors.to_string().contains("phc_1"), "{errors}");
        // Blank is as good as none.
        assert!(from_vars([(name, " ")]).is_ok(), "{name}");
    }
}
