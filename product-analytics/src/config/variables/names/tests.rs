//! Names that others set, names that were meant to be ours, and those between.

use std::collections::BTreeMap;

use super::{Name, classify};
use crate::config::variables::known::variables;

fn classified(name: &str, value: &str, others: &[(&'static str, &'static str)]) -> Name {
    let others: BTreeMap<_, _> = others.iter().copied().collect();
    classify(name, Some(value), &variables(), |other| others.get(other).copied())
}

/// The variable that the fix names, of a name that was meant to be ours.
fn meant(name: &str, value: &str, others: &[(&'static str, &'static str)]) -> Option<String> {
    let Name::Mistaken { meant, invalid } = classified(name, value, others) else { return None };
    let named = |known: &String| invalid.fix.split([' ', '?', ',', ';']).any(|word| word == known);
    let named: Vec<_> = variables().into_iter().filter(named).collect();
    assert_eq!(named, std::slice::from_ref(&meant), "{name}: {invalid}");
    Some(meant)
}

#[test]
fn every_name_that_is_read_is_ours() {
    for name in variables() {
        assert!(matches!(classified(&name, "x", &[]), Name::Ours), "{name}");
    }
}

#[test]
fn the_links_of_services_are_nobodys_mistake() {
    for service in [
        "ANALYTICS",
        "ANALYTICS_API",
        "ANALYTICS_QUEUE",
        "ANALYTICS_BACKEND",
        "ANALYTICS_SOURCE",
        "ANALYTICS_HOST",
        "ANALYTICS_MAX_RETRIES",
        "POSTHOG",
        "POSTHOG_WEB",
        "POSTHOG_HOST",
        "POSTHOG_API_KEY",
        "ANALYTICS_PORT_80_TCP",
    ] {
        let links = [
            ("SERVICE_HOST", "10.0.0.1"),
            ("SERVICE_HOST", "fd00::1"),
            ("SERVICE_PORT", "80"),
            ("SERVICE_PORT_HTTP", "80"),
            ("SERVICE_PORT_HTTP_METRICS", "9090"),
            ("PORT", "tcp://10.0.0.1:80"),
            ("PORT", "udp://[fd00::1]:53"),
            ("PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("PORT_80_TCP_PROTO", "tcp"),
            ("PORT_80_TCP_PORT", "80"),
            ("PORT_80_TCP_ADDR", "10.0.0.1"),
            ("PORT_53_UDP", "udp://10.0.0.1:53"),
            ("PORT_7_SCTP_PROTO", "sctp"),
            ("PORT_8000_TCP_START", "tcp://172.17.0.5:8000"),
            ("PORT_8000_TCP_END", "tcp://172.17.0.5:8010"),
            ("PORT_8000_TCP_PORT_START", "8000"),
            ("PORT_8000_TCP_PORT_END", "8010"),
            ("NAME", "/web/analytics"),
            ("ENV_POSTGRES_USER", "root"),
            ("ENV_KEY", "phc_abc"),
        ];
        for (end, value) in links {
            let name = format!("{service}_{end}");
            assert!(matches!(classified(&name, value, &[]), Name::Others), "{name}={value}");
        }
    }
}

#[test]
fn a_name_like_a_links_with_another_value_is_somebodys() {
    for (name, value) in [
        ("ANALYTICS_PORT", "8080"),
        ("ANALYTICS_SERVICE_HOST", "analytics.internal"),
        ("ANALYTICS_SERVICE_PORT", "http"),
        ("ANALYTICS_NAME", "web"),
        ("ANALYTICS_PORT_80_TCP_ADDR", "analytics"),
        ("ANALYTICS_PORT_80_TCP_COLOUR", "80"),
        ("ANALYTICS_PORT_X_TCP", "tcp://10.0.0.1:80"),
    ] {
        assert!(matches!(classified(name, value, &[]), Name::Unread), "{name}");
    }
    // PostHog's prefix is not ours.
    assert!(matches!(classified("POSTHOG_PORT", "8000", &[]), Name::Others));
}

#[test]
#[cfg(feature = "posthog")]
fn a_slip_of_the_finger_is_told_with_the_name_that_was_meant() {
    for (name, expected) in [
        ("ANALYTICS_BACKED", "ANALYTICS_BACKEND"),
        ("ANALYTICS_BACKENDS", "ANALYTICS_BACKEND"),
        ("ANALYTICS_BAKCEND", "ANALYTICS_BACKEND"),
        ("ANALYTICS_FLUSHINTERVAL", "ANALYTICS_FLUSH_INTERVAL"),
        ("ANALYTICS_FLUSH_INTERVALL", "ANALYTICS_FLUSH_INTERVAL"),
        ("ANALYTICS_FLUSH_INTERVAL_MS", "ANALYTICS_FLUSH_INTERVAL"),
        ("ANALYTICS_QUEUE_BITES", "ANALYTICS_QUEUE_BYTES"),
        ("ANALYTICS_COMPRES_FROM", "ANALYTICS_COMPRESS_FROM"),
        ("ANALYTICS_DISABLE", "ANALYTICS_DISABLED"),
        ("ANALYTICS_", ""),
        ("analytics_backend", "ANALYTICS_BACKEND"),
        ("Analytics_Backend", "ANALYTICS_BACKEND"),
        ("analyticsBackend", "ANALYTICS_BACKEND"),
        ("ANALYTICS__BACKEND", "ANALYTICS_BACKEND"),
        ("ANALYTICS-BACKEND", "ANALYTICS_BACKEND"),
        ("analytics.backend", "ANALYTICS_BACKEND"),
        ("ANALYTICSBACKEND", "ANALYTICS_BACKEND"),
        ("ANALYTICS_BACKEND ", "ANALYTICS_BACKEND"),
        ("export ANALYTICS_BACKEND", "ANALYTICS_BACKEND"),
        ("\u{feff}ANALYTICS_BACKEND", "ANALYTICS_BACKEND"),
        ("ANALYTICS_BACKEND\u{fffd}", "ANALYTICS_BACKEND"),
        ("ANALYTIC_BACKEND", "ANALYTICS_BACKEND"),
        ("ANALYITCS_DISABLED", "ANALYTICS_DISABLED"),
        ("ANALYTICS_HOST", "POSTHOG_HOST"),
        ("ANALYTICS_API_KEY", "POSTHOG_API_KEY"),
        ("ANALYTICS_PROJECT_TOKEN", "POSTHOG_PROJECT_TOKEN"),
        ("ANALYTICS_DO_NOT_TRACK", "DO_NOT_TRACK"),
        ("ANALYTICS_POSTHOG_HOST", "POSTHOG_HOST"),
        ("ANALYTICS_POSTHOG_API_KEY", "POSTHOG_API_KEY"),
        ("ANALYTICS_POSTHOG_PROJECT_TOKEN", "POSTHOG_PROJECT_TOKEN"),
        ("POSTHOG_DO_NOT_TRACK", "DO_NOT_TRACK"),
        ("POSTHOG_APIKEY", "POSTHOG_API_KEY"),
        ("POSTHOG_API_KEYS", "POSTHOG_API_KEY"),
        ("POSTHOG_PROJECT_TOKE", "POSTHOG_PROJECT_TOKEN"),
        ("POSTHOG_HOTS", "POSTHOG_HOST"),
        ("posthog_host", "POSTHOG_HOST"),
        ("POSTOG_HOST", "POSTHOG_HOST"),
        ("POST_HOG_API_KEY", "POSTHOG_API_KEY"),
        ("DONOTTRACK", "DO_NOT_TRACK"),
        ("DO_NOT_TRAK", "DO_NOT_TRACK"),
        ("DONT_TRACK", "DO_NOT_TRACK"),
        ("do_not_track", "DO_NOT_TRACK"),
    ] {
        assert_eq!(meant(name, "x", &[]).unwrap_or_default(), expected, "{name:?}");
    }
}

#[test]
fn another_word_for_a_setting_is_told_unless_nothing_is_lost_by_it() {
    let key = "phc_abcdefghijklmnopqrstuvwxyz";
    for (name, value, expected) in [
        ("POSTHOG_KEY", key, "POSTHOG_API_KEY"),
        ("POSTHOG_API_TOKEN", key, "POSTHOG_API_KEY"),
        ("POSTHOG_PUBLIC_KEY", "abc", "POSTHOG_API_KEY"),
        ("POSTHOG_WRITE_KEY", key, "POSTHOG_API_KEY"),
        ("posthog_key", key, "POSTHOG_API_KEY"),
        ("POSTHOG_TOKEN", key, "POSTHOG_PROJECT_TOKEN"),
        ("POSTHOG_PROJECT_KEY", key, "POSTHOG_PROJECT_API_KEY"),
        ("POSTHOG_API_KEY_FILE", "/run/secrets/key", "POSTHOG_PROJECT_TOKEN_FILE"),
        ("ANALYTICS_PROJECT_TOKEN_FILE", "/run/secrets/key", "POSTHOG_PROJECT_TOKEN_FILE"),
        ("ANALYTICS_KEY", key, "POSTHOG_API_KEY"),
        ("ANALYTICS_TOKEN", key, "POSTHOG_PROJECT_TOKEN"),
        ("ANALYTICS_POSTHOG_KEY", key, "POSTHOG_API_KEY"),
        ("ANALYTICS_POSTHOG_TOKEN", "abc", "POSTHOG_PROJECT_TOKEN"),
        ("ANALYTICS_POSTHOG_URL", "x", "POSTHOG_HOST"),
        ("POSTHOG_URL", "https://eu.i.posthog.com", "POSTHOG_HOST"),
        ("POSTHOG_API_HOST", "https://posthog.internal", "POSTHOG_HOST"),
        ("POSTHOG_API_URL", "eu", "POSTHOG_HOST"),
        ("POSTHOG_ENDPOINT", "x", "POSTHOG_HOST"),
        ("POSTHOG_REGION", "eu", "POSTHOG_HOST"),
        ("ANALYTICS_URL", "https://eu.posthog.com", "POSTHOG_HOST"),
        ("ANALYTICS_REGION", "eu", "POSTHOG_HOST"),
        ("ANALYTICS_ENV", "staging", "ANALYTICS_ENVIRONMENT"),
        ("POSTHOG_DISABLED", "true", "ANALYTICS_DISABLED"),
        ("POSTHOG_DISABLED", "1", "ANALYTICS_DISABLED"),
        ("POSTHOG_OPT_OUT", "yes", "ANALYTICS_DISABLED"),
        ("ANALYTICS_OPT_OUT", "1", "ANALYTICS_DISABLED"),
        ("ANALYTICS_ENABLED", "false", "ANALYTICS_DISABLED"),
        ("POSTHOG_ENABLED", "0", "ANALYTICS_DISABLED"),
    ] {
        assert_eq!(meant(name, value, &[]).as_deref(), Some(expected), "{name}={value}");
    }
    let set = [
        ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz"),
        ("POSTHOG_HOST", "https://eu.i.posthog.com"),
        ("ANALYTICS_ENVIRONMENT", "staging"),
    ];
    for (name, value) in [
        ("POSTHOG_KEY", key),
        ("POSTHOG_TOKEN", key),
        ("POSTHOG_API_KEY_FILE", "/run/secrets/key"),
        ("POSTHOG_URL", "https://eu.i.posthog.com"),
        ("ANALYTICS_ENV", "staging"),
        ("POSTHOG_DISABLED", "false"),
        ("POSTHOG_ENABLED", "true"),
        ("ANALYTICS_ENABLED", "1"),
        ("ANALYTICS_URL", "https://analytics.internal"),
        ("ANALYTICS_TOKEN", "abc"),
    ] {
        assert_eq!(meant(name, value, &set), None, "{name}={value}");
    }
    assert!(matches!(classified("posthog_host", "https://eu.i.posthog.com", &set), Name::Others));
    assert!(matches!(classified("ANALYTICS_ENVIRONMENT_", "staging", &set), Name::Unread));
    assert_eq!(meant("posthog_host", "https://us.i.posthog.com", &set).as_deref(), Some("POSTHOG_HOST"), "it differs");
    assert_eq!(meant("POSTHOG_KEY", "phc_of_another_project", &set).as_deref(), Some("POSTHOG_API_KEY"), "it differs");
    assert_eq!(meant("POSTHOG_URL", "https://us.i.posthog.com", &set).as_deref(), Some("POSTHOG_HOST"), "it differs");
    assert_eq!(meant("POSTHOG_DISABLED", "true", &[("DO_NOT_TRACK", "1")]), None, "it is disabled");
}

#[test]
fn what_begins_like_ours_and_is_far_from_all_of_them_is_unread() {
    for name in [
        "ANALYTICS_",
        "ANALYTICS_COLOUR",
        "ANALYTICS_DATABASE_URL",
        "ANALYTICS_DB",
        "ANALYTICS_BUCKET",
        "ANALYTICS_S3_BUCKET",
        "ANALYTICS_TOPIC",
        "ANALYTICS_TABLE",
        "ANALYTICS_LOG_LEVEL",
        "ANALYTICS_ID",
        "ANALYTICS_TRACKING_ID",
        "ANALYTICS_USER",
        "ANALYTICS_PASSWORD",
        "ANALYTICS_QUEUE_URL",
        "ANALYTICS_QUEUE_NAME",
        "ANALYTICS_BATCH_SIZE",
        "ANALYTICS_TIMEOUT",
        "ANALYTICS_SERVICE",
        "ANALYTICS_SERVICE_URL",
        "ANALYTICS_BACKEND_URL",
        "ANALYTICS_BACKEND_HOST",
        "ANALYTICS_DEBUG",
        "ANALYTICS_SAMPLE_RATE",
        "ANALYTICS_RESOURCE",
        "ANALYTICS_COST",
        "ANALYTICS_BACKEND_2",
        "ANALYTICS_QUEUE",
        "ANALYTICS_GA4",
        "ANALYTICS_POSTHOG_PERSONAL_API_KEY",
        "analytics_colour",
        "ANALYTICS_\u{1b}[2J",
    ] {
        assert!(matches!(classified(name, "x", &[]), Name::Unread), "{name}: {:?}", classified(name, "x", &[]));
    }
}

#[test]
fn what_other_tools_read_is_theirs() {
    for name in [
        "POSTHOG_PERSONAL_API_KEY",
        "POSTHOG_PROJECT_ID",
        "POSTHOG_CLI_TOKEN",
        "POSTHOG_CLI_ENV_ID",
        "POSTHOG_CLI_HOST",
        "POSTHOG_FEATURE_FLAGS_SECURE_API_KEY",
        "POSTHOG_SECRET_KEY",
        "POSTHOG_UI_HOST",
        "POSTHOG_ASSETS_HOST",
        "POSTHOG_INTERNAL_API_HOST",
        "POSTHOG_API_KEY_2",
        "POSTHOG_DEBUG",
        "POSTHOG_OTHER",
        "POSTHOG_CAPTURE_MODE",
        "POSTHOG_DB_NAME",
        "POSTHOG_POSTGRES_HOST",
        "POSTHOG_ENV",
        "POSTHOG_ENVIRONMENT",
        "POSTHOG_FLUSH_AT",
        "POSTHOG_BACKEND",
        "NEXT_PUBLIC_POSTHOG_HOST",
        "VITE_POSTHOG_HOST",
        "POSTGRES_HOST",
        "POSTGIS_HOST",
        "BACKEND",
        "HOST",
        "SOURCE",
        "API_KEY",
        "DISABLED",
        "DNT",
        "TRACK",
        "PATH",
        "",
        "GOOGLE_ANALYTICS_ID",
        "ANALYTICS",
        "POSTHOG",
        "MY_ANALYTICS_BACKEND",
        "NEXT_TELEMETRY_DISABLED",
    ] {
        assert!(matches!(classified(name, "x", &[]), Name::Others), "{name}: {:?}", classified(name, "x", &[]));
    }
}

#[test]
fn the_key_of_a_front_end_is_known_as_one() {
    for name in [
        "NEXT_PUBLIC_POSTHOG_KEY",
        "NEXT_PUBLIC_POSTHOG_PROJECT_TOKEN",
        "VITE_POSTHOG_API_KEY",
        "VITE_PUBLIC_POSTHOG_KEY",
        "REACT_APP_POSTHOG_KEY",
        "REACT_APP_PUBLIC_POSTHOG_KEY",
        "EXPO_PUBLIC_POSTHOG_API_KEY",
        "NUXT_PUBLIC_POSTHOG_KEY",
        "GATSBY_POSTHOG_KEY",
        "PUBLIC_POSTHOG_KEY",
    ] {
        assert!(matches!(classified(name, "phc_a", &[]), Name::FrontEndKey), "{name}");
    }
    assert!(matches!(classified("VITE_POSTHOG_PERSONAL_API_KEY", "phx_a", &[]), Name::Others));
}

#[test]
fn a_value_that_is_not_utf_8_is_no_links_and_no_agreement() {
    let other = |_: &str| None;
    let known = variables();
    assert!(matches!(classify("ANALYTICS_PORT", None, &known, other), Name::Unread));
    assert!(matches!(classify("POSTHOG_PORT", None, &known, other), Name::Others));
    assert!(matches!(classify("ANALYTICS_BACKED", None, &known, other), Name::Mistaken { .. }));
    assert!(matches!(classify("POSTHOG_KEY", None, &known, other), Name::Mistaken { .. }));
}
