//! The backends that send.

use product_analytics::{Actor, AnalyticsConfig, CopilotEvent, DropReason};

use crate::logs::captured;

const KEY: (&str, &str) = ("POSTHOG_PROJECT_TOKEN", "phc_abcdefghijklmnopqrstuvwxyz0123");

#[test]
fn the_first_line_names_host_region_and_fingerprint() {
    let vars = [KEY, ("POSTHOG_HOST", "http://127.0.0.1:9")];
    let (analytics, lines) = captured(|| product_analytics::from_vars(vars).unwrap());
    insta::assert_snapshot!(lines.join("\n"), @"INFO analytics::config: events go to posthog at http://127.0.0.1:9 (region local) with the key phc_abcd…23");
    assert!(format!("{analytics:?}").contains("PostHogSink"), "{analytics:?}");
}

#[test]
fn the_same_key_under_two_names_is_one_key() {
    let vars = [KEY, ("POSTHOG_API_KEY", KEY.1), ("POSTHOG_HOST", "http://127.0.0.1:9")];
    assert!(product_analytics::from_vars(vars).is_ok());
    let vars = [("POSTHOG_PROJECT_API_KEY", KEY.1), ("POSTHOG_HOST", "http://127.0.0.1:9")];
    assert!(product_analytics::from_vars(vars).is_ok());
}

#[test]
fn an_error_names_the_variable_that_holds_the_key() {
    let errors = AnalyticsConfig::from_vars([("POSTHOG_PROJECT_API_KEY", "phx_secret")]).unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @r"
    analytics: 1 problem in the configuration
      POSTHOG_PROJECT_API_KEY: this is a personal API key (phx_…), which must stay secret; events need the project's key (phc_…), which PostHog shows under Settings, Project. Revoke the personal key if it was written anywhere
    ");
    assert!(!errors.to_string().contains("secret_"));
}

#[test]
fn a_test_does_not_reach_production() {
    let (analytics, lines) = captured(|| product_analytics::from_vars([KEY]).unwrap());
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(line.starts_with("WARN") && line.contains("this is a test process"), "{line}");
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    assert_eq!(analytics.ledger().dropped(DropReason::Disabled), 1);
}

#[test]
fn a_test_process_is_an_error_where_analytics_is_required() {
    let errors = product_analytics::from_vars([KEY, ("ANALYTICS_REQUIRED", "true")]).unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @r"
    analytics: 1 problem in the configuration
      ANALYTICS_REQUIRED: analytics is required, but posthog does not start in a test process (the executable lies in a `deps` folder, where cargo puts tests); set POSTHOG_HOST=http://127.0.0.1:8010, or ANALYTICS_ALLOW_IN_TESTS=true, or unset this
    ");
}

#[test]
fn posthog_without_a_key_is_an_error() {
    let errors = AnalyticsConfig::from_vars([("ANALYTICS_BACKEND", "posthog")]).unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @r"
    analytics: 1 problem in the configuration
      POSTHOG_PROJECT_TOKEN: the backend posthog needs a project key and there is none; set POSTHOG_PROJECT_TOKEN=phc_…, or ANALYTICS_BACKEND=auto to go without where there is none
    ");
}

#[test]
#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls")))]
fn tls_that_is_not_compiled_in_is_an_error_that_names_the_feature() {
    let errors = product_analytics::from_vars([KEY, ("ANALYTICS_ALLOW_IN_TESTS", "true")]).unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @r"
    analytics: 1 problem in the configuration
      ANALYTICS_BACKEND: posthog needs TLS to reach https://us.i.posthog.com, and none is compiled in; enable the cargo feature `rustls` or `native-tls` of product-analytics
    ");
}

#[test]
#[cfg(feature = "inspector")]
fn the_inspector_receives_events_with_the_base_properties() {
    use std::time::Duration;

    use analytics_inspector::{Inspector, InspectorOptions};

    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let vars = [
        ("ANALYTICS_BACKEND", "inspector"),
        ("ANALYTICS_INSPECTOR_URL", &inspector.url()),
        ("ANALYTICS_REQUIRED", "true"),
        ("ANALYTICS_ENVIRONMENT", "test"),
        ("ANALYTICS_SOURCE", "chat_copilot"),
    ];
    let analytics = product_analytics::from_vars(vars).unwrap();
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    let ledger = analytics.shutdown_blocking(Duration::from_secs(10));
    assert_eq!((ledger.captured(), ledger.delivered()), (1, 1), "{ledger}");
    let [event] = &inspector.events()[..] else { panic!("{:?}", inspector.events()) };
    assert_eq!((event.event.as_str(), event.distinct_id.as_str()), ("copilot_message_sent", "u1"));
    assert_eq!(event.property("environment"), Some("test".into()));
    assert_eq!(event.property("source"), Some("chat_copilot".into()));
}

#[test]
fn settings_of_the_backend_are_seen_on_the_wire() {
    use std::time::Duration;

    use analytics_inspector::{Inspector, InspectorOptions};

    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let vars = [
        KEY,
        ("POSTHOG_HOST", &inspector.url()),
        ("ANALYTICS_DISABLE_GEOIP", "false"),
        ("ANALYTICS_HISTORICAL", "true"),
        ("ANALYTICS_MAX_EVENT_BYTES", "2KiB"),
    ];
    let mut config = AnalyticsConfig::from_vars(vars).unwrap();
    config.posthog.headers.insert("x-tenant", "blue");
    let analytics = config.build().unwrap();
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: &"s".repeat(2_048), message_length: 5 });
    let ledger = analytics.shutdown_blocking(Duration::from_secs(10));
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::TooLarge)), (1, 1), "{ledger}");
    let [event] = &inspector.events()[..] else { panic!("{:?}", inspector.events()) };
    assert_eq!(event.property("$geoip_disable"), None);
    let [request] = &inspector.requests()[..] else { panic!("{:?}", inspector.requests()) };
    assert_eq!(request.header("x-tenant"), Some("blue"));
    let body: serde_json::Value = serde_json::from_slice(request.body().unwrap()).unwrap();
    assert_eq!(body["historical_migration"], true);
}

#[test]
fn the_size_from_which_bodies_are_compressed_is_seen_on_the_wire() {
    use std::time::Duration;

    use analytics_inspector::{Inspector, InspectorOptions};

    let encoding = |set: &str| {
        let inspector = Inspector::start(InspectorOptions::default()).unwrap();
        let url = inspector.url();
        let vars = [KEY, ("POSTHOG_HOST", &url), ("ANALYTICS_COMPRESS_FROM", set)];
        let analytics = product_analytics::from_vars(vars).unwrap();
        analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
        assert_eq!(analytics.shutdown_blocking(Duration::from_secs(60)).delivered(), 1);
        let [request] = &inspector.requests()[..] else { panic!("{:?}", inspector.requests()) };
        (request.header("content-encoding").map(str::to_owned), request.body_bytes)
    };
    let (plain, bytes) = encoding("1MiB");
    assert_eq!(plain, None);
    let gzip = Some("gzip".to_owned());
    for (set, expected) in [("", &None), ("0", &gzip), (&bytes.to_string(), &gzip), (&(bytes + 1).to_string(), &None)] {
        assert_eq!(encoding(set).0, *expected, "{set}: {bytes} bytes");
    }
}

#[test]
#[cfg(feature = "zstd")]
fn the_protocol_and_its_compression_are_seen_on_the_wire() {
    use std::time::Duration;

    use analytics_inspector::{Inspector, InspectorOptions};

    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let url = inspector.url();
    let vars = [KEY, ("POSTHOG_HOST", &url), ("ANALYTICS_PROTOCOL", "v1"), ("ANALYTICS_COMPRESSION", "zstd")];
    let analytics = product_analytics::from_vars(vars).unwrap();
    // Below a kilobyte nothing is compressed.
    let session_id = "s".repeat(2_048);
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: &session_id, message_length: 5 });
    assert_eq!(analytics.shutdown_blocking(Duration::from_secs(60)).delivered(), 1);
    let [request] = &inspector.requests()[..] else { panic!("{:?}", inspector.requests()) };
    assert_eq!(request.path, "/i/v1/analytics/events");
    assert_eq!(request.header("content-encoding"), Some("zstd"));
}

#[test]
fn a_success_in_foreign_words_counts_as_it_was_chosen() {
    use std::time::Duration;

    for (chosen, delivered) in [("accept", 1), ("retry", 0)] {
        let server = crate::server::Server::answering("200 OK\r\nContent-Type: text/html", "<html>Sign in</html>");
        let vars = [
            KEY,
            ("POSTHOG_HOST", server.url.as_str()),
            ("ANALYTICS_SUSPECT_ANSWERS", chosen),
            ("ANALYTICS_MAX_RETRIES", "0"),
        ];
        let analytics = product_analytics::from_vars(vars).unwrap();
        analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
        let ledger = analytics.flush_blocking(Duration::from_secs(60));
        assert_eq!((ledger.delivered(), ledger.pending(), ledger.traffic().suspect), (delivered, 0, 1), "{ledger}");
    }
}

#[test]
fn a_header_that_is_none_is_an_error_that_does_not_show_its_value() {
    let mut config = AnalyticsConfig::from_vars([KEY, ("POSTHOG_HOST", "http://127.0.0.1:9")]).unwrap();
    config.posthog.headers.insert("x-tenant", "sword\nfish");
    let errors = config.build().unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @r#"
    analytics: 1 problem in the configuration
      posthog.headers: the header "x-tenant" is not valid; a name is ASCII letters, digits and hyphens, a value has no line breaks
    "#);
}
