//! What is wrong with a configuration.

use std::ffi::OsString;

use product_analytics::{AnalyticsConfig, ConfigErrors};

const SECRETS: [&str; 4] = ["phx_a1b2c3d4e5f6", "phc_g7h8i9j0k1l2", "phc_m3n4o5p6q7r8", "swordfish"];

fn errors<const N: usize>(vars: [(&str, &str); N]) -> Vec<String> {
    match AnalyticsConfig::from_vars(vars) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.errors().iter().map(ToString::to_string).collect(),
    }
}

fn everything_wrong() -> ConfigErrors {
    let [personal, one, other, password] = SECRETS;
    let mut vars: Vec<(OsString, OsString)> = [
        ("ANALYTICS_BACKEND", "kafka,logg,log"),
        ("POSTHOG_PROJECT_TOKEN", personal),
        ("POSTHOG_API_KEY", one),
        ("POSTHOG_PROJECT_API_KEY", other),
        ("POSTHOG_HOST", "http://posthog.internal"),
        ("ANALYTICS_INSPECTOR_URL", &format!("http://user:{password}@127.0.0.1")),
        ("ANALYTICS_DISABLED", "true"),
        ("DO_NOT_TRACK", "yes"),
        ("ANALYTICS_REQUIRED", "1"),
        ("ANALYTICS_ALLOW_HTTP", "False"),
        ("ANALYTICS_ALLOW_IN_TESTS", one),
        ("ANALYTICS_PROTOCOL", "1"),
        ("ANALYTICS_COMPRESSION", "brotli"),
        ("ANALYTICS_COMPRESS_FROM", "1kB"),
        ("ANALYTICS_SUSPECT_ANSWERS", "again"),
        ("ANALYTICS_PERSON_PROFILES", "user_only"),
        ("ANALYTICS_DISABLE_GEOIP", "no"),
        ("ANALYTICS_HISTORICAL", "2020"),
        ("ANALYTICS_MAX_EVENT_BYTES", "1MB"),
        ("ANALYTICS_CONNECT_TIMEOUT", "5"),
        ("ANALYTICS_VERIFY_KEY", "warning"),
        ("ANALYTICS_VERIFY_TIMEOUT", "soon"),
        ("ANALYTICS_QUEUE_EVENTS", "100_000"),
        ("ANALYTICS_QUEUE_BYTES", "99999999999GiB"),
        ("ANALYTICS_BATCH_EVENTS", "0"),
        ("ANALYTICS_BATCH_BYTES", "0"),
        ("ANALYTICS_FLUSH_AT", "1.5"),
        ("ANALYTICS_FLUSH_INTERVAL", "5"),
        ("ANALYTICS_IN_FLIGHT", "18446744073709551616"),
        ("ANALYTICS_REQUEST_TIMEOUT", "0s"),
        ("ANALYTICS_MAX_AGE", "a day"),
        ("ANALYTICS_MAX_RETRIES", "-1"),
        ("ANALYTICS_HOST", "eu"),
        ("ANALYTICS_QUEUE_BITES", one),
        ("ANALYTICS_VERIFYKEY", "warn"),
        ("ANALYTICS_COLOUR", "green"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into();
    #[cfg(unix)]
    vars.push(("ANALYTICS_SOURCE".into(), std::os::unix::ffi::OsStringExt::from_vec(vec![0xff, b'a'])));
    #[cfg(not(unix))]
    vars.push(("ANALYTICS_SOURCE".into(), std::os::windows::ffi::OsStringExt::from_wide(&[0xd800])));
    product_analytics::from_vars(vars).unwrap_err()
}

#[test]
#[cfg(feature = "posthog")]
fn everything_that_is_wrong_is_told_at_once() {
    let errors = everything_wrong();
    // What depends on the cargo features is told apart.
    let (of_features, told): (Vec<String>, Vec<String>) =
        errors.errors().iter().map(ToString::to_string).partition(|error| {
            error.contains("cargo feature")
                || error.starts_with("POSTHOG_HOST")
                || error.contains("_INSPECTOR_URL")
                || error.contains("personal API key")
        });
    insta::assert_snapshot!(told.join("\n"), @r#"
    ANALYTICS_HOST: there is no such variable; did you mean POSTHOG_HOST?
    ANALYTICS_QUEUE_BITES: there is no such variable; did you mean ANALYTICS_QUEUE_BYTES?
    ANALYTICS_SOURCE: the value is not UTF-8; set it to text
    ANALYTICS_VERIFYKEY: there is no such variable; did you mean ANALYTICS_VERIFY_KEY?
    ANALYTICS_BACKEND: "kafka" is not a backend; use auto, posthog, noop, log, inspector
    ANALYTICS_BACKEND: "logg" is not a backend; did you mean log?
    DO_NOT_TRACK: "yes" is not a boolean; use true, 1, false or 0
    POSTHOG_PROJECT_TOKEN: the key differs from that in POSTHOG_API_KEY and in POSTHOG_PROJECT_API_KEY; keep one of them
    ANALYTICS_MAX_EVENT_BYTES: "1MB" is not a size; write bytes, or a unit of KiB, MiB or GiB, as in 8MiB
    ANALYTICS_PROTOCOL: "1" is not one of its values; did you mean v1?
    ANALYTICS_COMPRESSION: "brotli" is not one of its values; use gzip, zstd, none
    ANALYTICS_COMPRESS_FROM: "1kB" is not a size; write bytes, or a unit of KiB, MiB or GiB, as in 1KiB, or 0
    ANALYTICS_SUSPECT_ANSWERS: "again" is not one of its values; use accept, retry
    ANALYTICS_DISABLE_GEOIP: "no" is not a boolean; use true, 1, false or 0
    ANALYTICS_PERSON_PROFILES: "user_only" is not one of its values; did you mean users_only?
    ANALYTICS_HISTORICAL: "2020" is not a boolean; use true, 1, false or 0
    ANALYTICS_CONNECT_TIMEOUT: "5" is not a duration; write a number with a unit, as in 5s, 250ms or 1h 30m
    ANALYTICS_ALLOW_IN_TESTS: the value (not shown, it may be secret) is not a boolean; use true, 1, false or 0
    ANALYTICS_VERIFY_KEY: "warning" is not one of its values; use off, warn, require
    ANALYTICS_VERIFY_TIMEOUT: "soon" is not a duration; write a number with a unit, as in 5s, 250ms or 1h 30m
    ANALYTICS_ALLOW_HTTP: "False" is not a boolean; use true, 1, false or 0
    ANALYTICS_QUEUE_EVENTS: "100_000" is not a whole number; write digits only, as in 1000
    ANALYTICS_QUEUE_BYTES: "99999999999GiB" is not a size that this machine can count; write a smaller one, as 8MiB
    ANALYTICS_BATCH_EVENTS: "0" is not a number of at least 1; write 1 or more
    ANALYTICS_BATCH_BYTES: "0" is not at least one byte; write 1 or more
    ANALYTICS_FLUSH_AT: "1.5" is not a whole number; write digits only, as in 1000
    ANALYTICS_FLUSH_INTERVAL: "5" is not a duration; write a number with a unit, as in 5s, 250ms or 1h 30m
    ANALYTICS_IN_FLIGHT: "18446744073709551616" is not a number that small; write a smaller one
    ANALYTICS_REQUEST_TIMEOUT: "0s" is not longer than no time; write 1ms or more
    ANALYTICS_MAX_AGE: "a day" is not a duration; write a number with a unit, as in 5s, 250ms or 1h 30m
    ANALYTICS_MAX_RETRIES: "-1" is not a number of at least 0; write digits only, as in 1000
    ANALYTICS_REQUIRED: analytics is required, but no events would be sent: analytics is disabled; unset ANALYTICS_DISABLED and DO_NOT_TRACK, or this
    "#);
    let mut expected = Vec::new();
    if cfg!(feature = "posthog") {
        expected.extend(["ANALYTICS_INSPECTOR_URL", "POSTHOG_HOST", "POSTHOG_PROJECT_TOKEN"]);
    }
    if !cfg!(feature = "log") {
        expected.push("ANALYTICS_BACKEND");
    }
    let settings: Vec<_> = of_features.iter().map(|error| error.split(':').next().unwrap()).collect();
    assert_eq!(settings, expected, "{of_features:#?}");
    if cfg!(feature = "posthog") && !cfg!(feature = "log") {
        insta::assert_snapshot!(of_features.join("\n"), @r"
        ANALYTICS_INSPECTOR_URL: the address has a user, a query or a fragment; write a URL as in http://127.0.0.1:8010
        POSTHOG_HOST: http would carry events in clear text over the network; write https://, or set ANALYTICS_ALLOW_HTTP=true
        POSTHOG_PROJECT_TOKEN: this is a personal API key (phx_…), which must stay secret; events need the project's key (phc_…), which PostHog shows under Settings, Project. Revoke the personal key if it was written anywhere
        ANALYTICS_BACKEND: the backend log is not compiled in; enable the cargo feature `log` of product-analytics, or choose another backend
        ");
    }
}

#[test]
fn no_error_shows_a_secret() {
    let errors = everything_wrong();
    let fields = format!("{:?}", errors.errors());
    for text in [errors.to_string(), format!("{errors:?}"), format!("{errors:#?}"), fields] {
        for secret in SECRETS {
            assert!(!text.contains(&secret[4..]), "{secret} in {text}");
        }
    }
}

#[test]
#[cfg(feature = "posthog")]
fn errors_are_one_line_each_below_a_heading_and_debug_is_the_same() {
    let errors =
        product_analytics::from_vars([("ANALYTICS_DISABLED", "yes"), ("ANALYTICS_MAX_RETRIES", "x")]).unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @r#"
    analytics: 2 problems in the configuration
      ANALYTICS_DISABLED: "yes" is not a boolean; use true, 1, false or 0
      ANALYTICS_MAX_RETRIES: "x" is not a whole number; write digits only, as in 1000
    "#);
    assert_eq!(format!("{errors:?}"), errors.to_string());
    let [first, _] = errors.errors() else { panic!("{errors}") };
    assert_eq!(
        (first.setting(), first.problem(), first.fix()),
        ("ANALYTICS_DISABLED", "\"yes\" is not a boolean", "use true, 1, false or 0")
    );
}

#[test]
fn lists_of_backends_that_contradict_themselves_are_refused() {
    insta::assert_snapshot!(errors([("ANALYTICS_BACKEND", "noop,auto")]).join("\n"), @"ANALYTICS_BACKEND: noop is listed beside others; keep noop or the others");
    insta::assert_snapshot!(errors([("ANALYTICS_BACKEND", "auto,auto")]).join("\n"), @"ANALYTICS_BACKEND: auto would send events a second time; name each backend once; auto is posthog where there is a key");
    insta::assert_snapshot!(errors([("ANALYTICS_BACKEND", "noop,")]).join("\n"), @r#"ANALYTICS_BACKEND: "" is not a backend; use auto, posthog, noop, log, inspector"#);
}

#[test]
fn a_problem_is_told_once_and_not_with_what_follows_from_it() {
    // The unreadable backend could have been one that takes events, the differing keys are keys.
    let keys = [("POSTHOG_PROJECT_TOKEN", "phc_1"), ("POSTHOG_API_KEY", "phc_2"), ("ANALYTICS_REQUIRED", "true")];
    assert_eq!(errors([keys[0], keys[1], keys[2], ("ANALYTICS_BACKEND", "noop")]).len(), 2);
    assert_eq!(errors([keys[2], ("ANALYTICS_BACKEND", "kafka")]).len(), 1);
    #[cfg(feature = "posthog")]
    assert_eq!(errors(keys).len(), 1);
    // Each of these was meant to be what is missing.
    assert_eq!(errors([keys[2], ("ANALYTICS_BACKED", "log")]).len(), 1);
    #[cfg(feature = "posthog")]
    {
        assert_eq!(errors([keys[2], ("POSTHOG_KEY", "phc_1")]).len(), 1);
        assert_eq!(errors([("POSTHOG_TOKEN", "phc_1"), ("ANALYTICS_BACKEND", "posthog")]).len(), 1);
    }
}

#[test]
fn required_refuses_whatever_ends_in_the_noop() {
    let required = ("ANALYTICS_REQUIRED", "true");
    insta::assert_snapshot!(errors([required]).join("\n"), @"ANALYTICS_REQUIRED: analytics is required, but no events would be sent: there is no project key; set POSTHOG_PROJECT_TOKEN=phc_…, or unset this");
    insta::assert_snapshot!(errors([required, ("ANALYTICS_BACKEND", "noop")]).join("\n"), @"ANALYTICS_REQUIRED: analytics is required, but no events would be sent: the backend is noop; choose a backend that takes events, or unset this");
    insta::assert_snapshot!(errors([required, ("DO_NOT_TRACK", "1")]).join("\n"), @"ANALYTICS_REQUIRED: analytics is required, but no events would be sent: analytics is disabled; unset ANALYTICS_DISABLED and DO_NOT_TRACK, or this");
}

#[test]
fn mistakes_are_told_though_analytics_is_disabled_and_missing_things_are_not_missed() {
    let disabled = ("ANALYTICS_DISABLED", "1");
    assert_eq!(errors([disabled, ("ANALYTICS_BACKEND", "kafka")]).len(), 1);
    assert_eq!(errors([disabled, ("ANALYTICS_BACKEND", "noop")]).len(), 0);
    #[cfg(feature = "posthog")]
    {
        assert_eq!(errors([disabled, ("POSTHOG_API_KEY", "phx_1")]).len(), 1);
        assert_eq!(errors([disabled, ("ANALYTICS_BACKEND", "posthog")]).len(), 0);
    }
}

#[test]
#[cfg(not(feature = "posthog"))]
fn a_key_without_the_feature_that_sends_is_an_error() {
    insta::assert_snapshot!(errors([("POSTHOG_API_KEY", "phc_1")]).join("\n"), @"ANALYTICS_BACKEND: the backend posthog, which auto chooses where there is a project key, is not compiled in; enable the cargo feature `posthog` of product-analytics, or choose another backend");
}

#[test]
#[cfg(not(feature = "inspector"))]
fn a_backend_that_is_not_compiled_in_is_an_error_that_names_its_feature() {
    insta::assert_snapshot!(errors([("ANALYTICS_BACKEND", "inspector")]).join("\n"), @"ANALYTICS_BACKEND: the backend inspector is not compiled in; enable the cargo feature `inspector` of product-analytics, or choose another backend");
}

#[test]
#[cfg(feature = "posthog")]
fn a_compression_that_the_protocol_cannot_carry_is_an_error_beside_the_others() {
    let told = errors([("ANALYTICS_COMPRESSION", "zstd"), ("ANALYTICS_REQUIRED", "maybe")]);
    let of_the_protocol: Vec<_> = told.iter().filter(|error| !error.contains("cargo feature")).cloned().collect();
    insta::assert_snapshot!(of_the_protocol.join("\n"), @r#"
    ANALYTICS_REQUIRED: "maybe" is not a boolean; use true, 1, false or 0
    ANALYTICS_COMPRESSION: the protocol v0 cannot carry zstd; set ANALYTICS_PROTOCOL=v1, or ANALYTICS_COMPRESSION=gzip
    "#);
    assert_eq!(errors([("ANALYTICS_COMPRESSION", "zstd"), ("ANALYTICS_PROTOCOL", "v3")]).len(), told.len() - 1);
    let mut config = AnalyticsConfig::default();
    config.posthog.options.compression = product_analytics::config::Compression::Zstd;
    let told = config.explain().unwrap_err().to_string();
    assert!(told.contains(r#"set posthog.protocol = "v1", or posthog.compression = "gzip""#), "{told}");
}

#[test]
#[cfg(feature = "posthog")]
fn zstd_needs_its_feature_and_nothing_else_in_v1() {
    let told = errors([("ANALYTICS_COMPRESSION", "zstd"), ("ANALYTICS_PROTOCOL", "v1")]);
    if cfg!(feature = "zstd") {
        assert!(told.is_empty(), "{told:?}");
    } else {
        insta::assert_snapshot!(told.join("\n"), @"ANALYTICS_COMPRESSION: the compression zstd is not compiled in; enable the cargo feature `zstd` of product-analytics, or set ANALYTICS_COMPRESSION=gzip");
    }
}
