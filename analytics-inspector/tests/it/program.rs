//! The program in a terminal.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::post;
use crate::{batch, event};

pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_analytics-inspector"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

/// Kills the program should a test fail half way.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().expect("a child to wait for");
    }
}

#[test]
fn it_prints_one_line_per_event_and_totals_at_the_end() {
    for signal in [Signal::TERM, Signal::INT] {
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

        kill_process(Pid::from_child(&running.0), signal).unwrap();
        let expected = format!("requests 1 (refused 0), events 1 (unique 1, repeated 0), bytes {}\n", body.len());
        assert_eq!(line(), expected);
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{signal:?}");
    }
}

/// Starts a program that prints where it is to be reached.
pub(crate) fn serving(arguments: &[&str]) -> (Running, BufReader<ChildStdout>, SocketAddr) {
    let mut running = Running(program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(running.0.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    let url = line.split_whitespace().find_map(|word| word.strip_prefix("POSTHOG_HOST=http://")).unwrap();
    let addr = url.parse().unwrap();
    (running, lines, addr)
}

#[test]
fn serve_and_tail_show_refused_requests_and_events_that_would_be_lost() {
    let (server, mut printed, addr) = serving(&["--port", "0"]);
    let port = addr.port().to_string();
    let tail = |format: &str| {
        let arguments = ["tail", "--port", &port, "--format", format];
        let mut tail = Running(program().args(arguments).stdout(Stdio::piped()).spawn().unwrap());
        let lines = BufReader::new(tail.0.stdout.take().unwrap());
        (tail, lines)
    };
    let line = |lines: &mut BufReader<ChildStdout>| {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        line
    };
    let (_human, mut human) = tail("human");
    let (_json, mut json) = tail("json");
    // Whether a tail is there already nobody can tell, so a request is refused until both have shown one.
    let are_there = &std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while !are_there.load(std::sync::atomic::Ordering::Relaxed) {
                assert_eq!(post(addr, "/batch", "[]").status, 400);
            }
        });
        let refused = "refused 400 POST /batch: request holds no event\n";
        assert_eq!([line(&mut printed), line(&mut human)], [refused, refused]);
        assert!(line(&mut json).starts_with(r#"{"refused":{"number":"#));
        are_there.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let event = r#"{"event":"$identify","distinct_id":"u1","properties":{"$process_person_profile":false}}"#;
    assert_eq!(post(addr, "/batch", batch(&[event.to_owned()])).status, 200);
    let dropped = "dropped person_event_without_profile: u1 $identify\n";
    for lines in [&mut printed, &mut human] {
        let next = std::iter::repeat_with(|| line(lines)).find(|line| !line.starts_with("refused 400"));
        assert_eq!(next.unwrap(), dropped);
    }
    drop(server);
}

#[test]
fn tail_shows_what_reaches_a_running_inspector() {
    for (format, expected) in [("human", "u e n=7\n"), ("json", "{\"sequence\":")] {
        let (server, _lines, addr) = serving(&["--port", "0"]);
        let port = addr.port().to_string();
        let arguments = ["tail", "--port", &port, "--format", format];
        let mut tail = Running(program().args(arguments).stdout(Stdio::piped()).spawn().unwrap());
        let mut shown = BufReader::new(tail.0.stdout.take().unwrap());
        let mut line = String::new();
        // Whether the tail is there already nobody can tell, so events come until one is shown.
        let is_shown = &std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while !is_shown.load(std::sync::atomic::Ordering::Relaxed) {
                    assert_eq!(post(addr, "/batch", batch(&[event(7)])).status, 200);
                }
            });
            shown.read_line(&mut line).unwrap();
            is_shown.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        assert!(line.starts_with(expected), "{line}");
        drop(server);
        std::io::copy(&mut shown, &mut std::io::sink()).unwrap();
        assert_eq!(tail.0.wait().unwrap().code(), Some(0), "{format}");
    }
}

#[test]
fn tail_without_an_inspector_says_where_it_looked() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let output = run(&["tail", "--port", &free]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(&format!("no inspector to be reached on port {free} of 127.0.0.1")), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
#[cfg(unix)]
fn run_shows_the_events_of_a_command_and_ends_as_it_does() {
    // The command is this test's own way of sending an event, with nothing but a shell.
    let script = r#"
        test -z "${POSTHOG_PROJECT_TOKEN+set}${POSTHOG_PROJECT_TOKEN_FILE+set}" || exit 9
        port=${POSTHOG_HOST##*:}
        body='{"api_key":"'$POSTHOG_API_KEY'","batch":[{"event":"said","distinct_id":"u1","properties":{"k":"v"}}]}'
        exec 3<>"/dev/tcp/127.0.0.1/$port"
        printf 'POST /batch/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s' "${#body}" "$body" >&3
        cat <&3 >/dev/null
        echo "out $1"
        exit 7
    "#;
    let output = program()
        .args(["run", "--", "bash", "-c", script, "bash", "--port"])
        .env("POSTHOG_PROJECT_TOKEN", "phc_mine")
        .env("POSTHOG_PROJECT_TOKEN_FILE", "/run/secrets/mine")
        .env("POSTHOG_HOST", "http://elsewhere.example")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(7), "{text}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "out --port\n");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "u1 said k=v");
    assert!(lines[1].starts_with("requests 1 (refused 0), events 1 (unique 1, repeated 0), bytes "), "{text}");
    assert_eq!(lines.len(), 2, "{text}");
}

/// A shell of this machine. A machine without one cannot show how a command ends by a signal: a line says so.
#[cfg(unix)]
#[expect(clippy::print_stdout, reason = "what is skipped says so")]
fn shell() -> Option<&'static str> {
    let found = ["sh", "bash"].into_iter().find(|name| Command::new(name).args(["-c", ":"]).status().is_ok());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "there is no shell");
        println!("skipped: needs a shell, sh or bash");
    }
    found
}

#[test]
#[cfg(unix)]
fn run_ends_with_what_a_shell_would_answer() {
    let Some(shell) = shell() else { return };
    let commands = [
        (&[shell, "-c", ":"][..], 0),
        (&[shell, "-c", "kill -KILL $$"], 137),
        (&["/nowhere/there"], 127),
        (&["/"], 126),
    ];
    for (command, expected) in commands {
        let arguments: Vec<&str> = ["run", "--"].iter().chain(command).copied().collect();
        assert_eq!(run(&arguments).status.code(), Some(expected), "{command:?}");
    }
}

#[test]
#[cfg(unix)]
fn run_passes_a_termination_on() {
    let Some(shell) = shell() else { return };
    // It waits for the end of its input, which never comes, and is interrupted there by the signal.
    let script = "trap 'exit 42' TERM; echo ready; while :; do read -r line; done";
    let mut command = program();
    command.args(["run", "--", shell, "-c", script]);
    let mut running = Running(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    kill_process(Pid::from_child(&running.0), Signal::TERM).unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(42));
}

#[test]
fn off_loopback_it_warns_and_serves_this_machine_under_the_allowed_name_only() {
    let (mut running, _lines, addr) =
        serving(&["--listen", "0.0.0.0", "--allow-host", "inspector.test", "--port", "0"]);
    assert!(addr.ip().is_loopback());
    for (host, expected) in [("inspector.test", 200), ("other.test", 403)] {
        let answer = crate::client::request(addr, "GET", "/api/events", &[("Host", host)], b"");
        assert_eq!(answer.status, expected, "{host}");
    }
    let mut warning = String::new();
    BufReader::new(running.0.stderr.take().unwrap()).read_line(&mut warning).unwrap();
    assert!(warning.starts_with("analytics-inspector: warning: it listens on 0.0.0.0. "), "{warning}");
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
fn the_version_goes_to_stdout() {
    for flag in ["--version", "-V"] {
        let output = run(&[flag]);
        let expected = format!("analytics-inspector {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    }
}

#[test]
fn a_flag_that_is_wrong_is_named_and_ends_with_2() {
    let output = run(&["--prot", "1"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("invalid option '--prot'") && text.contains("usage: "), "{text}");
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
