//! The demonstration.

use crate::process::program;

#[test]
fn every_event_of_the_transcript_arrives_once() {
    let output = program().arg("--demo").output().unwrap();
    let summary = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{summary}");
    let verdict = summary.lines().last().unwrap();
    assert_eq!(verdict, "219 captured = 219 delivered = 219 received: every event arrived, once.");
    for row in ["copilot_message_sent                121        121        121        121", "copilot_trigger_setup "] {
        assert!(summary.contains(row), "{summary}");
    }
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn it_refuses_where_there_is_a_key() {
    for name in ["POSTHOG_PROJECT_TOKEN", "POSTHOG_API_KEY", "POSTHOG_PROJECT_API_KEY", "POSTHOG_PROJECT_TOKEN_FILE"] {
        let output = program().arg("--demo").env(name, "phc_somebodys").output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        let expected = format!(
            "chat_service: --demo sends events to a local server only, but {name} is set; unset it, or run without --demo\n"
        );
        assert_eq!(told, expected);
        assert!(output.stdout.is_empty());
    }
}
