//! A configuration from a file.

use std::time::Duration;

use product_analytics::AnalyticsConfig;
use product_analytics::config::{Backend, Compression, PersonProfiles};
use serde_json::{from_str, from_value, json, to_value};

fn full() -> serde_json::Value {
    json!({
        "backend": "posthog,log",
        "disabled": false,
        "required": true,
        "environment": "production",
        "source": "chat_copilot",
        "inspector_url": "http://127.0.0.1:9000",
        "posthog": {
            "host": "eu",
            "protocol": "v1",
            "compression": "none",
            "compress_from": "0",
            "suspect_answers": "retry",
            "person_profiles": "always",
            "disable_geoip": false,
            "historical": true,
            "max_event_bytes": "64KiB",
            "max_ai_event_bytes": "2MiB",
            "connect_timeout": "2s",
            "verify_key": "warn",
            "verify_timeout": "500ms",
            "allow_http": true,
            "allow_in_tests": true
        },
        "delivery": {
            "queue_events": 10,
            "queue_bytes": "8MiB",
            "ai_queue_bytes": "16MiB",
            "batch_events": 20,
            "batch_bytes": "64KiB",
            "ai_batch_bytes": "3MiB",
            "flush_at": 5,
            "flush_interval": "250ms",
            "overflow": "drop_oldest",
            "order": "none",
            "in_flight": 2,
            "request_timeout": "5s",
            "max_age": "1h 30m",
            "max_retries": 0
        }
    })
}

#[test]
fn a_configuration_is_written_as_it_was_read() {
    let config: AnalyticsConfig = from_value(full()).unwrap();
    assert_eq!(config.backend, [Backend::PostHog, Backend::Log]);
    assert_eq!(config.delivery.queue_bytes.get(), 8 << 20);
    assert_eq!(config.delivery.max_age, Duration::from_secs(5_400));
    assert_eq!(
        (config.posthog.options.compression, config.posthog.options.person_profiles),
        (Compression::None, PersonProfiles::Always)
    );
    let (written, read) = (to_value(&config).unwrap(), full());
    for (section, settings) in read.as_object().unwrap() {
        for (name, value) in settings.as_object().into_iter().flatten() {
            assert_eq!(written[section][name], *value, "{section}.{name}");
        }
        assert!(settings.is_object() || written[section] == *settings, "{section}");
    }
    assert_eq!(from_value::<AnalyticsConfig>(to_value(&config).unwrap()).unwrap(), config);
}

#[test]
fn an_empty_file_is_the_default_and_so_is_an_empty_environment() {
    let empty: AnalyticsConfig = from_str("{}").unwrap();
    assert_eq!(empty, AnalyticsConfig::default());
    assert_eq!(empty, AnalyticsConfig::from_vars::<&str, &str>([]).unwrap());
    assert_eq!(from_value::<AnalyticsConfig>(to_value(&empty).unwrap()).unwrap(), empty);
}

#[test]
fn the_key_is_read_and_neither_written_nor_shown() {
    let config: AnalyticsConfig = from_str(r#"{ "posthog": { "key": "phc_secret" } }"#).unwrap();
    assert!(config.posthog.key.is_some());
    assert!(!to_value(&config).unwrap().to_string().contains("secret"));
    assert!(!format!("{config:?}").contains("secret"));
}

#[test]
fn headers_are_read_and_their_values_neither_written_nor_shown() {
    let text = r#"{ "posthog": { "headers": { "x-tenant": "swordfish", "x-other": "2" } } }"#;
    let config: AnalyticsConfig = from_str(text).unwrap();
    let mut expected = AnalyticsConfig::default();
    expected.posthog.headers.insert("x-tenant", "swordfish");
    expected.posthog.headers.insert("x-other", "2");
    assert_eq!(config, expected);
    assert!(!config.posthog.headers.is_empty());
    let written = to_value(&config).unwrap();
    assert!(written["posthog"].get("headers").is_none(), "{written}");
    let shown = format!("{config:?}");
    assert!(shown.contains(r#"headers: {"x-other", "x-tenant"}"#) && !shown.contains("swordfish"), "{shown}");
}

#[test]
fn sizes_may_be_numbers_and_backends_a_list() {
    let config: AnalyticsConfig =
        from_str(r#"{ "backend": ["auto", "log"], "delivery": { "queue_bytes": 1024, "max_retries": null } }"#)
            .unwrap();
    assert_eq!(config.backend, [Backend::Auto, Backend::Log]);
    assert_eq!((config.delivery.queue_bytes.get(), config.delivery.max_retries), (1_024, None));
}

#[test]
fn a_size_may_be_zero_only_where_that_means_something() {
    for (text, bytes) in [("0", 0), ("\"0\"", 0), ("\"0KiB\"", 0), ("512", 512), ("\"1KiB\"", 1_024)] {
        let config: AnalyticsConfig = from_str(&format!(r#"{{ "posthog": {{ "compress_from": {text} }} }}"#)).unwrap();
        assert_eq!(config.posthog.options.compress_from, bytes, "{text}");
    }
}

#[test]
fn what_a_file_may_not_say_is_refused() {
    for (text, part) in [
        (r#"{ "backends": "log" }"#, "unknown field `backends`"),
        (r#"{ "posthog": { "api_key": "x" } }"#, "unknown field `api_key`"),
        (r#"{ "delivery": { "queue": 1 } }"#, "unknown field `queue`"),
        (r#"{ "backend": "lgo" }"#, "\"lgo\" is not a backend; use auto"),
        (r#"{ "backend": ["posthog", "nop"] }"#, "did you mean noop?"),
        (r#"{ "backend": 1 }"#, "expected the name of a backend or several"),
        (
            r#"{ "delivery": { "flush_interval": "5" } }"#,
            "invalid value: string \"5\", expected a duration; write a number with a unit",
        ),
        (
            r#"{ "delivery": { "flush_interval": 5 } }"#,
            "invalid type: integer `5`, expected a duration; write a number with a unit",
        ),
        (
            r#"{ "delivery": { "queue_bytes": "8MB" } }"#,
            "invalid value: string \"8MB\", expected a size; write bytes, or a unit",
        ),
        (r#"{ "delivery": { "queue_bytes": 0 } }"#, "invalid value: integer `0`, expected at least one byte"),
        (r#"{ "delivery": { "batch_events": 0 } }"#, "expected a nonzero"),
        (r#"{ "posthog": { "compression": "brotli" } }"#, "unknown variant `brotli`"),
        (r#"{ "posthog": { "protocol": "V1" } }"#, "unknown variant `V1`"),
        (r#"{ "posthog": { "verify_key": "yes" } }"#, "unknown variant `yes`"),
        (r#"{ "posthog": { "max_event_bytes": "1MB" } }"#, "invalid value: string \"1MB\", expected a size"),
        (r#"{ "posthog": { "max_event_bytes": 0 } }"#, "invalid value: integer `0`, expected at least one byte"),
        (r#"{ "posthog": { "compress_from": -1 } }"#, "invalid value: integer `-1`, expected a size"),
        (r#"{ "posthog": { "compress_from": "1kB" } }"#, "as in \"1KiB\", or 0"),
        (r#"{ "posthog": { "compress_from": true } }"#, "invalid type: boolean `true`, expected a size"),
        (r#"{ "posthog": { "header": {} } }"#, "unknown field `header`"),
    ] {
        let error = from_str::<AnalyticsConfig>(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn an_error_calls_the_fields_by_their_names() {
    let config: AnalyticsConfig = from_str(r#"{ "backend": [], "required": true, "disabled": true }"#).unwrap();
    insta::assert_snapshot!(config.build().unwrap_err().to_string(), @r"
    analytics: 2 problems in the configuration
      backend: no backend is named; name one, or noop
      required: analytics is required, but no events would be sent: analytics is disabled; unset `disabled`, or this
    ");
    let config = r#"{ "backend": "posthog", "posthog": { "host": "http://posthog.internal", "key": " " } }"#;
    let config: AnalyticsConfig = from_str(config).unwrap();
    insta::assert_snapshot!(config.build().unwrap_err().to_string(), @r#"
    analytics: 2 problems in the configuration
      posthog.host: http would carry events in clear text over the network; write https://, or set posthog.allow_http = true
      posthog.key: the backend posthog needs a project key and there is none; set posthog.key = "phc_…", or backend = "auto" to go without where there is none
    "#);
}

#[test]
fn variables_and_fields_make_the_same_configuration() {
    let vars = [
        ("POSTHOG_API_KEY", "phc_1"),
        ("POSTHOG_HOST", "eu"),
        ("ANALYTICS_ENVIRONMENT", "production"),
        ("ANALYTICS_SOURCE", "chat_copilot"),
        ("ANALYTICS_INSPECTOR_URL", "http://127.0.0.1:9000"),
        ("ANALYTICS_PROTOCOL", "v1"),
        ("ANALYTICS_COMPRESSION", "none"),
        ("ANALYTICS_COMPRESS_FROM", "0"),
        ("ANALYTICS_SUSPECT_ANSWERS", "retry"),
        ("ANALYTICS_PERSON_PROFILES", "always"),
        ("ANALYTICS_DISABLE_GEOIP", "0"),
        ("ANALYTICS_HISTORICAL", "true"),
        ("ANALYTICS_MAX_EVENT_BYTES", "64KiB"),
        ("ANALYTICS_MAX_AI_EVENT_BYTES", "2MiB"),
        ("ANALYTICS_CONNECT_TIMEOUT", "2s"),
        ("ANALYTICS_VERIFY_KEY", "warn"),
        ("ANALYTICS_VERIFY_TIMEOUT", "500ms"),
        ("ANALYTICS_ALLOW_HTTP", "1"),
        ("ANALYTICS_ALLOW_IN_TESTS", "true"),
        ("ANALYTICS_QUEUE_EVENTS", "10"),
        ("ANALYTICS_QUEUE_BYTES", "8MiB"),
        ("ANALYTICS_AI_QUEUE_BYTES", "16MiB"),
        ("ANALYTICS_BATCH_EVENTS", "20"),
        ("ANALYTICS_BATCH_BYTES", "65536"),
        ("ANALYTICS_AI_BATCH_BYTES", "3MiB"),
        ("ANALYTICS_FLUSH_AT", "5"),
        ("ANALYTICS_FLUSH_INTERVAL", "250ms"),
        ("ANALYTICS_OVERFLOW", "drop_oldest"),
        ("ANALYTICS_ORDER", "none"),
        ("ANALYTICS_IN_FLIGHT", "2"),
        ("ANALYTICS_REQUEST_TIMEOUT", "5s"),
        ("ANALYTICS_MAX_AGE", "90m"),
        ("ANALYTICS_MAX_RETRIES", "0"),
        ("ANALYTICS_DISABLED", "1"),
    ];
    let mut file = full();
    file["posthog"]["key"] = json!("phc_1");
    file["backend"] = json!("auto");
    file["disabled"] = json!(true);
    file["required"] = json!(false);
    assert_eq!(AnalyticsConfig::from_vars(vars).unwrap(), from_value(file).unwrap());
}
