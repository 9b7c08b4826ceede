//! The program in a terminal.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Output, Stdio};

use crate::batch;
use crate::client::post;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_analytics-inspector"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

/// Kills the program should a test fail half way.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().expect("a child to wait for");
    }
}

#[test]
fn it_prints_one_line_per_event_and_totals_at_the_end() {
    for signal in ["-TERM", "-INT"] {
        let mut running = Running(program().args(["--port", "0"]).stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(running.0.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            line
        };
        let start = line();
        let url = start.split_whitespace().find_map(|word| word.strip_prefix("POSTHOG_HOST=")).unwrap().to_owned();
        assert_eq!(
            start,
            format!("listening on {url}; point a service at it with POSTHOG_HOST={url} POSTHOG_API_KEY=phc_local\n")
        );
        let addr: SocketAddr = url.strip_prefix("http://").unwrap().parse().unwrap();
        let event = r#"{"event":"copilot_tool_called","distinct_id":"u1","properties":{"tool_name":"search","session_id":"s1\u001b[2J"}}"#;
        let body = batch(&[event.to_owned()]);
        assert_eq!(post(addr, "/batch/", &body).status, 200);
        assert_eq!(line(), "u1 copilot_tool_called tool_name=search session_id=s1\\u{1b}[2J\n");

        let pid = running.0.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let expected = format!("requests 1 (refused 0), events 1 (unique 1, repeated 0), bytes {}\n", body.len());
        assert_eq!(line(), expected);
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn help_goes_to_stdout() {
    for flag in ["--help", "-h"] {
        let output = run(&[flag]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("--port PORT") && text.contains("--capacity EVENTS"), "{text}");
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    }
}

#[test]
fn a_flag_that_is_wrong_is_named_and_ends_with_2() {
    let output = run(&["--prot", "1"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(r#"unknown argument "--prot""#) && text.contains("usage: "), "{text}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[test]
fn a_taken_port_is_named_and_ends_with_1() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let output = run(&["--port", &port]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(&format!("port {port} of 127.0.0.1 is taken")), "{text}");
    assert_eq!(output.status.code(), Some(1));
}
