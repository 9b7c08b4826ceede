//! The token on the command line, and where it is printed.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;

use rustix::process::{Pid, Signal, kill_process};

use super::other_address_or_skip;
use crate::client::{post, request};
use crate::program::{program, serving};
use crate::{batch, event};

const TOKEN: &str = "correct-horse-battery-staple";

/// Everything that a program prints until it is ended by a signal: on its output, and on its error output.
fn printed(arguments: &[&str], act: impl FnOnce(SocketAddr, &str)) -> (String, String) {
    let (mut running, mut lines, addr) = serving(arguments);
    let mut errors = BufReader::new(running.0.stderr.take().unwrap());
    let mut warning = String::new();
    errors.read_line(&mut warning).unwrap();
    act(addr, &warning);
    kill_process(Pid::from_child(&running.0), Signal::TERM).unwrap();
    let (mut output, mut rest) = (String::new(), String::new());
    lines.read_to_string(&mut output).unwrap();
    errors.read_to_string(&mut rest).unwrap();
    (output, warning + &rest)
}

/// The token in the address that the program prints.
fn token_in(warning: &str) -> String {
    let (_, rest) = warning.split_once("/?token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn a_random_token_is_printed_once_with_the_address_for_a_browser() {
    let Some(ip) = other_address_or_skip() else { return };
    let mut token = String::new();
    let (output, errors) = printed(&["--listen", "0.0.0.0", "--port", "0"], |addr, warning| {
        token = token_in(warning);
        assert!(warning.starts_with("analytics-inspector: warning: it listens on 0.0.0.0. "), "{warning}");
        let address = format!("http://ADDRESS-OF-THIS-MACHINE:{}/?token={token} ", addr.port());
        assert!(warning.contains(&address), "{warning}");
        let addr = SocketAddr::new(ip, addr.port());
        assert_eq!(post(addr, "/batch", batch(&[event(1)])).status, 200);
        let bearer = format!("Bearer {token}");
        assert_eq!(request(addr, "GET", "/api/events", &[("Authorization", &bearer)], b"").status, 200);
        assert_eq!(request(addr, "GET", &format!("/?token={token}"), &[], b"").status, 303);
        assert_eq!(request(addr, "GET", "/?token=wrong", &[], b"").status, 401);
    });
    assert_eq!((output.matches(&token).count(), errors.matches(&token).count()), (0, 1), "{output}{errors}");
}

#[test]
fn the_address_for_a_browser_has_the_name_or_the_address_that_was_given() {
    let Some(ip) = other_address_or_skip() else { return };
    let ip = ip.to_string();
    printed(&["--listen", "0.0.0.0", "--port", "0", "--allow-host", "inspector.test"], |addr, warning| {
        assert!(warning.contains(&format!(" http://inspector.test:{}/?token=", addr.port())), "{warning}");
    });
    printed(&["--listen", &ip, "--port", "0"], |addr, warning| {
        assert!(warning.contains(&format!(" http://{addr}/?token=")), "{warning}");
    });
}

#[test]
fn a_token_that_is_given_is_printed_nowhere() {
    let Some(ip) = other_address_or_skip() else { return };
    let (output, errors) = printed(&["--listen", "0.0.0.0", "--port", "0", "--token", TOKEN], |addr, warning| {
        assert!(warning.contains("the token that was given") && warning.contains("/?token=TOKEN"), "{warning}");
        let addr = SocketAddr::new(ip, addr.port());
        let bearer = format!("Bearer {TOKEN}");
        assert_eq!(request(addr, "GET", "/api/events", &[("Authorization", &bearer)], b"").status, 200);
    });
    assert!(!output.contains(TOKEN) && !errors.contains(TOKEN), "{output}{errors}");
}

#[test]
fn a_token_may_be_in_a_variable_and_a_bad_one_is_told_with_the_fix_and_not_shown() {
    for (arguments, variable) in [(&["--token", "short-secret"][..], None), (&[], Some("short-secret"))] {
        let mut command = program();
        command.args(["--port", "0"]).args(arguments);
        if let Some(variable) = variable {
            command.env("INSPECTOR_TOKEN", variable);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("16 to 128 characters, not 12") && !text.contains("short-secret"), "{text}");
    }
    let output = program().args(["tail", "--port", "1"]).env("INSPECTOR_TOKEN", "short-secret").output().unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains("a token has"), "tail needs none");
}
