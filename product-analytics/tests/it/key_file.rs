//! A key that stands in a file.

use std::path::PathBuf;
use std::time::Duration;

use product_analytics::{Actor, AnalyticsConfig, CopilotEvent, DropReason};

use crate::logs::captured;
use crate::server::Server;

const OLD: &str = "phc_oldoldoldoldoldoldoldoldoldoldoldoldoldoldold1";
const NEW: &str = "phc_newnewnewnewnewnewnewnewnewnewnewnewnewnewnew2";

/// A file of this test's own, gone with it.
struct File(PathBuf);

impl File {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("product-analytics-{name}-{}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

#[test]
fn the_key_is_read_at_start_and_again_when_posthog_refuses_it() {
    let file = File::new("refused", &format!("{OLD}\n"));
    let server = Server::answering("401 Unauthorized", r#"{"error":"invalid_api_token"}"#);
    let vars = [("POSTHOG_PROJECT_TOKEN_FILE", file.path()), ("POSTHOG_HOST", &server.url)];
    let (analytics, lines) = captured(|| product_analytics::from_vars(vars).unwrap());
    assert!(lines.concat().ends_with("(region local) with the key phc_oldo…d1"), "{lines:?}");

    std::fs::write(&file.0, NEW).unwrap();
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    let ledger = analytics.shutdown_blocking(Duration::from_secs(60));
    assert_eq!(ledger.dropped(DropReason::Unauthorized), 1, "{ledger}");
    let requests = server.requests();
    let [first, second] = &requests[..] else { panic!("{requests:?}") };
    assert!(first.contains(OLD) && !first.contains(NEW) && second.contains(NEW) && !second.contains(OLD));
}

#[test]
fn a_configuration_names_the_file_and_is_without_the_key() {
    let file = File::new("named", OLD);
    let config = AnalyticsConfig::from_vars([("POSTHOG_PROJECT_TOKEN_FILE", file.path())]).unwrap();
    let chosen = &config.explain().unwrap().chosen[0];
    assert_eq!(chosen.reason, "auto: posthog.key_file is set");
    assert_eq!(chosen.target.as_ref().unwrap().key_source, Some("posthog.key_file"));
    let json = serde_json::to_string(&config).unwrap();
    assert!(!format!("{json}{config:?}").contains(OLD), "{json}");
    let again: AnalyticsConfig = serde_json::from_str(&json).unwrap();
    assert_eq!(again.posthog.key_file.as_deref(), Some(&*file.0));
    assert!(again.explain().is_ok());
}

#[test]
fn a_file_without_a_key_and_a_key_beside_it_are_errors_that_show_neither() {
    let secret = "secretsecretsecretsecretsecret";
    let (personal, empty) = (File::new("personal", &format!("phx_{secret}")), File::new("empty", "\n"));
    let good = File::new("good", OLD);
    for (path, key, expected) in [
        (personal.path(), "", "the file has no key in it: this is a personal API key"),
        (empty.path(), "", "the file has no key in it: "),
        ("/no/such/file", "", "the file cannot be read: No such file or directory (os error 2); mount it"),
        ("/", "", "the file cannot be read: "),
        ("${KEY_FILE}", "", "write the value itself"),
        (good.path(), NEW, "the key is set by POSTHOG_API_KEY as well; keep one of them"),
    ] {
        let vars = [("POSTHOG_PROJECT_TOKEN_FILE", path), ("POSTHOG_API_KEY", key)];
        let errors = AnalyticsConfig::from_vars(vars).unwrap_err();
        let [error] = errors.errors() else { panic!("{path}: {errors}") };
        assert_eq!(error.setting(), "POSTHOG_PROJECT_TOKEN_FILE", "{errors}");
        let text = errors.to_string();
        assert!(text.contains(expected) && ![secret, OLD, NEW].iter().any(|key| text.contains(key)), "{text}");
    }
    let blank = [("POSTHOG_PROJECT_TOKEN_FILE", " "), ("POSTHOG_API_KEY", OLD)];
    assert_eq!(AnalyticsConfig::from_vars(blank).unwrap().posthog.key_file, None);
}
