//! Whether PostHog knows the key.

use std::net::TcpListener;
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions};
use product_analytics::config::KeyVerdict;
use product_analytics::{Analytics, AnalyticsConfig, ConfigErrors};

use crate::logs::captured;
use crate::server::Server;

const KEY: &str = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const JSON: &str = "Content-Type: application/json";
/// Longer than any answer takes that comes.
const LONG: &str = "60s";

/// What a start comes to, and the warnings among its lines.
fn started(url: &str, verify: &str, timeout: &str) -> (Result<Analytics, ConfigErrors>, Vec<String>) {
    let vars = [
        ("POSTHOG_API_KEY", KEY),
        ("POSTHOG_HOST", url),
        ("ANALYTICS_VERIFY_KEY", verify),
        ("ANALYTICS_VERIFY_TIMEOUT", timeout),
    ];
    let (result, lines) = captured(|| product_analytics::from_vars(vars));
    assert!(!lines.join("\n").contains(&KEY[10..]), "{lines:?}");
    if let Err(errors) = &result {
        assert!(!errors.to_string().contains(&KEY[10..]), "{errors}");
    }
    (result, lines.into_iter().filter(|line| line.starts_with("WARN")).collect())
}

/// The text with the server's address masked.
fn masked(text: &str, url: &str) -> String {
    text.replace(url, "http://HOST")
}

/// An address at which nobody listens.
fn nobody() -> String {
    format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
}

#[test]
fn it_is_not_asked_unless_that_is_wanted() {
    let server = Server::answering("401 Unauthorized", "");
    for verify in ["off", ""] {
        let (result, warnings) = started(&server.url, verify, LONG);
        assert!(result.is_ok() && warnings.is_empty(), "{warnings:?}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[test]
fn a_key_that_is_known_is_no_news() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    for verify in ["warn", "require"] {
        let (result, warnings) = started(&inspector.url(), verify, LONG);
        assert!(result.is_ok() && warnings.is_empty(), "{warnings:?}");
    }
    assert_eq!(inspector.totals().requests, 0, "it is no event");
}

#[test]
fn the_question_has_the_evaluation_of_flags_switched_off() {
    let server = Server::answering(&format!("200 OK\r\n{JSON}"), r#"{"flags":{}}"#);
    assert!(started(&server.url, "require", LONG).0.is_ok());
    let [request] = &server.requests()[..] else { panic!("not one request") };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /flags?v=2 HTTP/1.1\r\n"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let expected = serde_json::json!({ "api_key": KEY, "distinct_id": "product-analytics", "disable_flags": true });
    assert_eq!(body, expected);
}

#[test]
fn what_is_no_key_is_not_asked_for() {
    let server = Server::answering("401 Unauthorized", "");
    for key in [r#"phc_"\'{}"#, "\"phc_abcdefghij\"", "${POSTHOG_API_KEY}"] {
        let vars = [("POSTHOG_API_KEY", key), ("POSTHOG_HOST", &server.url), ("ANALYTICS_VERIFY_KEY", "require")];
        assert!(product_analytics::from_vars(vars).is_err(), "{key}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[test]
fn a_key_that_is_not_known_is_a_warning_or_an_error() {
    let server = Server::answering("401 Unauthorized", "The provided API key is invalid or has expired.");
    let (result, warnings) = started(&server.url, "warn", LONG);
    assert!(format!("{:?}", result.unwrap()).contains("PostHogSink"), "events are sent all the same");
    insta::assert_snapshot!(masked(&warnings.join("\n"), &server.url), @"WARN analytics::config: http://HOST does not know the key phc_abcd…FG, its events would be lost although they are answered 200; copy it from the settings of a project in this region; PostHog says the same of a key that is minutes old, and while it cannot look keys up");
    let (result, warnings) = started(&server.url, "require", LONG);
    assert!(warnings.is_empty(), "{warnings:?}");
    insta::assert_snapshot!(masked(&result.unwrap_err().to_string(), &server.url), @r"
    analytics: 1 problem in the configuration
      POSTHOG_API_KEY: http://HOST does not know the key phc_abcd…FG; copy it from the settings of a project in this region; PostHog says the same of a key that is minutes old, and while it cannot look keys up
    ");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_server_that_is_not_reached_is_a_warning_or_an_error_that_says_so() {
    let url = nobody();
    let (result, warnings) = started(&url, "warn", LONG);
    assert!(result.is_ok());
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(warning.contains("it is unreachable: "), "{warning}");
    let errors = started(&url, "require", LONG).0.unwrap_err();
    let [error] = errors.errors() else { panic!("{errors}") };
    assert_eq!(error.setting(), "ANALYTICS_VERIFY_KEY");
    assert!(error.problem().contains("it is unreachable: "), "{error}");
    assert!(error.fix().contains("ANALYTICS_VERIFY_KEY=warn"), "{error}");
}

#[test]
fn a_server_that_never_answers_holds_a_start_up_for_the_timeout_only() {
    // It takes connections, which the system does for it, and reads nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let errors = started(&url, "require", "100ms").0.unwrap_err();
    assert!(errors.to_string().contains("no answer"), "{errors}");
}

#[test]
fn whoever_cannot_tell_does_not_hold_up_a_start() {
    for (head, why) in [
        ("404 Not Found".to_owned(), "status 404: this server has no /flags"),
        ("405 Method Not Allowed".to_owned(), "status 405"),
        ("302 Found\r\nLocation: https://example.com/login".to_owned(), "status 302"),
        ("200 OK\r\nContent-Type: text/html".to_owned(), "status 200 without JSON"),
        ("401 Unauthorized\r\nWWW-Authenticate: Basic".to_owned(), "a gateway"),
    ] {
        let server = Server::answering(&head, "");
        let (result, warnings) = started(&server.url, "require", LONG);
        assert!(result.is_ok(), "{head}: {result:?}");
        let [warning] = &warnings[..] else { panic!("{head}: {warnings:?}") };
        assert!(
            warning.contains("cannot tell whether the key phc_abcd…FG is known") && warning.contains(why),
            "{warning}"
        );
        assert_eq!(server.requests().len(), 1, "{head}");
    }
}

#[test]
fn trouble_of_the_server_is_no_word_on_the_key() {
    for head in ["429 Too Many Requests", "503 Service Unavailable"] {
        let server = Server::answering(head, "");
        let errors = started(&server.url, "require", LONG).0.unwrap_err();
        assert!(errors.to_string().contains(&format!("it is unreachable: status {}", &head[..3])), "{errors}");
    }
}

#[test]
fn it_may_be_asked_inside_of_a_runtime() {
    let server = Server::answering("401 Unauthorized", "");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let errors = runtime.block_on(async { started(&server.url, "require", LONG).0.unwrap_err() });
    assert!(errors.to_string().contains("does not know the key"), "{errors}");
}

#[test]
fn a_test_process_asks_nobody_but_this_machine() {
    let vars =
        [("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", "https://posthog.invalid"), ("ANALYTICS_VERIFY_KEY", "require")];
    let (result, lines) = captured(|| product_analytics::from_vars(vars));
    assert!(format!("{:?}", result.unwrap()).contains("NoopSink"));
    assert!(lines.join("\n").contains("this is a test process") && lines.len() == 1, "{lines:?}");
    let config = AnalyticsConfig::from_vars(vars).unwrap();
    let verdict = config.verify_key(Duration::from_secs(60)).unwrap().unwrap();
    assert!(
        matches!(&verdict, KeyVerdict::NoAnswer(why) if why.starts_with("not asked: this is a test process")),
        "{verdict}"
    );
}

#[test]
fn there_is_nothing_to_ask_where_nothing_goes_to_posthog() {
    assert_eq!(AnalyticsConfig::default().verify_key(Duration::from_secs(60)).unwrap(), None);
    let disabled = [("POSTHOG_API_KEY", KEY), ("DO_NOT_TRACK", "1"), ("ANALYTICS_VERIFY_KEY", "require")];
    assert!(product_analytics::from_vars(disabled).is_ok());
    #[cfg(feature = "inspector")]
    {
        let url = nobody();
        let inspector = [
            ("ANALYTICS_BACKEND", "inspector"),
            ("ANALYTICS_INSPECTOR_URL", &url),
            ("ANALYTICS_VERIFY_KEY", "require"),
        ];
        assert!(product_analytics::from_vars(inspector).is_ok());
    }
}
