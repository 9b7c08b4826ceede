//! Readers that do not read.

use std::io::Read as _;

use analytics_inspector::Fault;
#[cfg(feature = "cli")]
use rustix::process::{Pid, Signal, kill_process};

use super::{SHORT, open, read_to_the_end, request_with_one_event, unlimited, wait_for, with_limits};
use crate::batch;
use crate::client::{get, post};

const MIB: usize = 1024 * 1024;

/// More than the buffers of two sockets hold.
pub(super) fn fill(addr: std::net::SocketAddr) {
    let large = |n: u32| format!(r#"{{"event":"e{n}","distinct_id":"u","properties":{{"k":"{}"}}}}"#, "x".repeat(MIB));
    for n in 0..24 {
        assert_eq!(post(addr, "/batch", batch(&[large(n)])).status, 200);
    }
}

#[test]
fn a_reader_that_reads_nothing_is_dropped_and_that_is_told() {
    let mut limits = unlimited();
    limits.stall = SHORT;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    fill(addr);
    let paths = ["/api/stream?since=0", "/api/stream?since=0&format=sse", "/api/events?limit=1000"];
    for (dropped, path) in (1..).zip(paths) {
        let stalled = open(addr, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        wait_for(|| inspector.totals().readers_dropped == dropped);
        // What was on its way comes, and then the end.
        assert!(read_to_the_end(stalled).len() < 24 * MIB, "{path}");
    }
    assert_eq!(get(addr, "/api/counts").json()["readers_dropped"], 3);
    assert!(inspector.totals().to_string().ends_with(", slow readers dropped 3"), "{}", inspector.totals());
}

#[test]
fn a_client_that_reads_no_answers_to_its_requests_is_dropped() {
    let mut limits = unlimited();
    limits.stall = SHORT;
    let inspector = with_limits(limits);
    let request = request_with_one_event();
    let mut stream = open(inspector.addr(), "");
    // As many answers as fill both buffers; then the server stops reading, and closes the connection.
    let mut sent = 0;
    while std::io::Write::write_all(&mut stream, request.as_bytes()).is_ok() {
        sent += 1;
        assert!(sent < 10_000_000, "it is never closed");
    }
    assert_eq!(inspector.totals().readers_dropped, 0, "that is for readers of the API");
}

#[test]
fn an_answer_without_end_ends_for_a_client_that_does_not_read_it() {
    let mut limits = unlimited();
    limits.stall = SHORT;
    let inspector = with_limits(limits);
    inspector.inject(Fault::endless_body());
    let request = request_with_one_event();
    let mut stream = open(inspector.addr(), request);
    assert!(inspector.wait_for(1, crate::PATIENCE));
    // Nothing is read of it: that it is closed shows when it takes no more of what is sent.
    wait_for(|| std::io::Write::write_all(&mut stream, b" ").is_err());
}

#[test]
fn a_reader_that_is_slow_is_told_what_it_missed() {
    let options = analytics_inspector::InspectorOptions::default().with_capacity(10).with_limits(unlimited());
    let inspector = analytics_inspector::Inspector::start(options).unwrap();
    let addr = inspector.addr();
    let mut stream = open(addr, "GET /api/stream HTTP/1.0\r\nHost: localhost\r\n\r\n");
    let large = |n: u32| format!(r#"{{"event":"e{n}","distinct_id":"u","properties":{{"k":"{}"}}}}"#, "x".repeat(MIB));
    let mut head = [0; 4];
    stream.read_exact(&mut head).unwrap();
    for n in 0..40 {
        assert_eq!(post(addr, "/batch", batch(&[large(n)])).status, 200);
    }
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(stream)).map(Result::unwrap);
    let missed = lines.find_map(|line| line.strip_prefix("{\"missed\":")?.strip_suffix('}')?.parse::<u64>().ok());
    assert!(missed.unwrap() > 0);
}

#[test]
fn one_stream_too_many_is_refused_until_another_one_ends() {
    let mut limits = unlimited();
    limits.streams = 2;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    let stream = |path: &str| {
        let mut stream = open(addr, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        (String::from_utf8(status.to_vec()).unwrap(), stream)
    };
    let first = stream("/api/stream");
    let second = stream("/api/page/stream");
    assert_eq!((first.0.as_str(), second.0.as_str()), ("HTTP/1.1 200", "HTTP/1.1 200"));
    for path in ["/api/stream", "/api/page/stream"] {
        let answer = get(addr, path);
        assert!(answer.status == 503 && answer.body.contains("as many streams"), "{path}: {}", answer.body);
    }
    drop(first);
    wait_for(|| stream("/api/stream").0 == "HTTP/1.1 200");
}

#[test]
#[cfg(feature = "cli")]
fn a_terminal_that_nobody_reads_holds_up_neither_the_server_nor_its_end() {
    let (mut running, _never_read, addr) = crate::program::serving(&["--port", "0"]);
    let padding = "x".repeat(150);
    let event = |n: u32| {
        let keys: Vec<_> = (0..6).map(|key| format!(r#""k{key}":"{padding}""#)).collect();
        format!(r#"{{"event":"e{n}","distinct_id":"u","properties":{{{}}}}}"#, keys.join(","))
    };
    // Twenty times what a pipe holds.
    for first in (0..1_300).step_by(100) {
        let events: Vec<_> = (first..first + 100).map(event).collect();
        assert_eq!(post(addr, "/batch", batch(&events)).status, 200);
        assert_eq!(get(addr, "/").status, 200);
    }
    kill_process(Pid::from_child(&running.0), Signal::TERM).unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}
