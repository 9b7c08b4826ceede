//! Texts that may say anything say what somebody meant.

use product_analytics::AnalyticsConfig;

const KEY: (&str, &str) = ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");

#[test]
fn a_property_of_every_event_is_no_quotes_no_placeholder_no_line_and_no_key() {
    for (value, part) in [
        ("\"production\"", "stands in quotes"),
        ("${ENVIRONMENT}", "is a placeholder"),
        ("{{ .Values.environment }}", "is a placeholder"),
        ("ANALYTICS_ENVIRONMENT=production", "name of a variable"),
        (KEY.1, "one of PostHog's keys"),
    ] {
        for (variable, field) in [("ANALYTICS_ENVIRONMENT", "environment"), ("ANALYTICS_SOURCE", "source")] {
            let errors = AnalyticsConfig::from_vars([(variable, value)]).unwrap_err();
            let [error] = errors.errors() else { panic!("{errors}") };
            assert_eq!(error.setting(), variable);
            assert!(error.problem().contains(part) && !error.to_string().contains("klmnop"), "{error}");
            let mut config = AnalyticsConfig::default();
            let place = if field == "source" { &mut config.source } else { &mut config.environment };
            *place = Some(value.to_owned());
            assert_eq!(config.explain().unwrap_err().errors()[0].setting(), field);
        }
    }
    for value in ["production", "eu-central-1", "it's", "a=b", "Chat: Copilot", "100%"] {
        assert!(AnalyticsConfig::from_vars([("ANALYTICS_SOURCE", value)]).is_ok(), "{value}");
    }
}

#[test]
fn a_header_that_nothing_has_filled_is_an_error_that_does_not_show_it() {
    let mut config = AnalyticsConfig::from_vars([KEY, ("POSTHOG_HOST", "http://127.0.0.1:9")]).unwrap();
    config.posthog.headers.insert("authorization", "Bearer ${GATEWAY_TOKEN}");
    config.posthog.headers.insert("if-match", "\"quoted\"");
    insta::assert_snapshot!(config.explain().unwrap_err().to_string(), @r#"
    analytics: 1 problem in the configuration
      posthog.headers: the header "authorization" is a placeholder, in whose place nothing has put the value; write the value itself
    "#);
}
