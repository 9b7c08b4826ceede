//! How the service refuses to start.

use std::net::{Ipv4Addr, TcpListener};

use crate::process::program;

/// The exit code, and what is said on stderr.
fn refusal(variables: &[(&str, &str)]) -> (i32, String) {
    let output = program().envs(variables.iter().copied()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn all_that_is_wrong_with_analytics_is_told_at_once() {
    let (code, told) = refusal(&[
        ("POSTHOG_API_KEY", "phx_a_private_key_by_mistake"),
        ("ANALYTICS_FLUSH_INTERVALL", "5s"),
        ("ANALYTICS_DISABLED", "perhaps"),
    ]);
    assert_eq!(code, 2, "{told}");
    assert!(told.starts_with("chat_service: analytics: 3 problems in the configuration\n"), "{told}");
    for setting in ["POSTHOG_API_KEY: ", "did you mean ANALYTICS_FLUSH_INTERVAL?", "ANALYTICS_DISABLED: \"perhaps\""] {
        assert!(told.contains(setting), "{told}");
    }
    assert!(!told.contains("private_key_by_mistake"), "{told}");
}

#[test]
fn its_own_settings_are_checked_too() {
    assert_eq!(
        refusal(&[("PORT", "http")]),
        (2, "chat_service: PORT: \"http\" is not a port from 0 to 65535\n".to_owned())
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, told) = refusal(&[("PORT", &port)]);
    assert_eq!(code, 1);
    assert!(told.contains(&format!("chat_service: port {port}: ")), "{told}");
}

#[test]
fn an_unknown_argument_is_answered_with_the_usage() {
    let output = program().arg("--dmeo").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "chat_service: invalid option '--dmeo'\n\nusage: chat_service [--demo]\n");
}
