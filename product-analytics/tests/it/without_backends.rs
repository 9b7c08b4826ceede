//! A build that sends nothing, with the configuration of one that does.

use product_analytics::AnalyticsConfig;
use serde_json::{from_value, json, to_value};

#[test]
fn the_file_of_another_build_is_read_and_its_settings_of_sending_are_not() {
    let file = json!({
        "environment": "production",
        "posthog": { "host": "eu", "protocol": "v7", "verify_key": "warn" },
        "delivery": { "queue_bytes": "8MiB" }
    });
    let config: AnalyticsConfig = from_value(file).unwrap();
    assert_eq!((config.environment.as_deref(), config.posthog.host.as_deref()), (Some("production"), Some("eu")));
    let written = to_value(&config).unwrap();
    assert_eq!((&written["posthog"], written.get("delivery")), (&json!({ "host": "eu" }), None));
    assert!(from_value::<AnalyticsConfig>(json!({ "deliveries": {} })).is_err());
}

#[test]
fn the_variables_of_another_build_are_named_and_no_error() {
    let explanation = product_analytics::explain_vars([("ANALYTICS_QUEUE_BYTES", "8MiB")]).unwrap();
    assert_eq!(explanation.unread.names(), ["ANALYTICS_QUEUE_BYTES"]);
}
