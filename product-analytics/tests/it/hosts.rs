//! What is no address is not taken for one, and the error names the fix for its cause.

use product_analytics::{AnalyticsConfig, explain_vars};

const KEY: (&str, &str) = ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");

/// The one error of an address in this variable, which is the same if none needs TLS.
fn error(variable: &str, value: &str) -> String {
    let [secure, any] = ["0", "1"].map(|allow_http| {
        let vars = [KEY, (variable, value), ("ANALYTICS_ALLOW_HTTP", allow_http)];
        let Err(errors) = AnalyticsConfig::from_vars(vars) else { panic!("{variable}={value} is taken") };
        let [error] = errors.errors() else { panic!("{value}: {errors}") };
        assert_eq!(error.setting(), variable, "{value}");
        error.to_string()
    });
    assert_eq!(secure, any);
    any
}

#[test]
fn an_address_with_something_else_in_it_is_refused_with_the_fix_for_its_cause() {
    for (value, fix) in [
        (
            "https://eu.posthog.com/batch/",
            "ends in /batch, which is an endpoint of PostHog's and is added to it; write https://eu.i.posthog.com",
        ),
        ("https://us.i.posthog.com/capture/", "write https://us.i.posthog.com"),
        ("https://app.posthog.com/project/123", "write https://us.i.posthog.com"),
        ("http://EU.i.posthog.com./ingest", "write https://eu.i.posthog.com"),
        ("https://us-assets.i.posthog.com/static/array.js", "write https://us.i.posthog.com"),
        ("https://eu.i.posthog.com:8443", "port 443 only; write https://eu.i.posthog.com"),
        ("https://www.posthog.com", "write us or eu"),
        (
            "https://example.com/ingest/i/v0/e/",
            "ends in /i/v0/e, which is an endpoint of PostHog's and is added to it; write https://example.com/ingest",
        ),
        ("https://example.com/i/v1/analytics/events", "write https://example.com"),
        ("https://example.com/flags", "write https://example.com"),
        ("\"https://eu.i.posthog.com\"", "write it without them"),
        ("${POSTHOG_HOST}", "write the value itself"),
        ("https://<host>", "write the value itself"),
        ("https://your-domain.com/ingest", "write the value itself"),
        ("POSTHOG_HOST=https://eu.i.posthog.com", "write only what stands after the name"),
        ("phc_abcdefghij", "write us, eu, or a URL"),
        ("https://eu.i.posthog.com,https://us.i.posthog.com", "write one"),
        ("https://eu.i.posthog.com;", "take them off"),
        ("https://eu.i. posthog.com", "take it out"),
        ("https://user:swordfish@example.com", "write us, eu, or a URL"),
        ("https://example.com/?x=1", "write us, eu, or a URL"),
        ("eu.i.posthog.com", "write us, eu, or a URL"),
    ] {
        let error = error("POSTHOG_HOST", value);
        assert!(error.contains(fix), "{value}: {error}");
        assert!(!error.contains("swordfish") && !error.contains("abcdefghij"), "{value}: {error}");
    }
}

#[test]
fn the_inspectors_address_is_checked_as_well_and_is_not_posthogs() {
    for (value, fix) in [
        ("\"http://127.0.0.1:8010\"", "write it without them"),
        ("${INSPECTOR}", "write the value itself"),
        ("ANALYTICS_INSPECTOR_URL=http://127.0.0.1:8010", "write only what stands after the name"),
        ("http://127.0.0.1:8010/batch/", "write http://127.0.0.1:8010 "),
        ("127.0.0.1:8010", "write a URL as in http://127.0.0.1:8010"),
        ("phc_abcdefghij", "write a URL as in http://127.0.0.1:8010"),
        ("http://127.0.0.1:8010,http://127.0.0.1:8011", "write one"),
        ("eu", "belongs in POSTHOG_HOST"),
        ("https://eu.posthog.com", "belongs in POSTHOG_HOST"),
        ("https://eu.posthog.com/project/1", "belongs in POSTHOG_HOST"),
        ("https://posthog.com", "belongs in POSTHOG_HOST"),
    ] {
        let error = error("ANALYTICS_INSPECTOR_URL", value);
        assert!(error.contains(fix), "{value}: {error}");
    }
}

#[test]
fn posthogs_hosts_are_mapped_and_a_proxys_path_is_kept() {
    for (value, host, region) in [
        ("eu", "https://eu.i.posthog.com", "eu"),
        ("http://app.posthog.com", "https://us.i.posthog.com", "us"),
        ("https://EU.I.POSTHOG.COM.:443/", "https://eu.i.posthog.com", "eu"),
        ("https://us-proxy-direct.i.posthog.com", "https://us.i.posthog.com", "us"),
        ("https://example.com/ingest/", "https://example.com/ingest", "self-hosted"),
        ("http://127.0.0.1:8010", "http://127.0.0.1:8010", "local"),
    ] {
        let explanation = explain_vars([KEY, ("POSTHOG_HOST", value)]).unwrap();
        let target = explanation.chosen[0].target.as_ref().unwrap();
        assert_eq!((target.host.as_str(), target.region.as_str()), (host, region), "{value}");
    }
}
