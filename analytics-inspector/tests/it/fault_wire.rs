//! Faults below HTTP: what the client's socket sees.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use analytics_inspector::{Fault, Inspector};

use crate::client::{post, receive, send};
use crate::{PATIENCE, batch, events, inspector};

const AN_HOUR: Duration = Duration::from_secs(3_600);

/// Sends a request over a connection that is to stay open.
fn send_and_stay(addr: SocketAddr, method: &str, target: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    send_again(&mut stream, method, target, body);
    stream
}

fn send_again(stream: &mut TcpStream, method: &str, target: &str, body: &[u8]) {
    let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    // The server may have closed already; the test finds out when it reads.
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap_or_default();
}

/// What comes until the connection ends, and how it ends.
fn read_all(stream: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    (String::from_utf8(bytes).unwrap(), end)
}

/// Reads until this text has come.
fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        bytes.extend(byte);
    }
    String::from_utf8(bytes).unwrap()
}

fn was_reset(inspector: &Inspector, body: &str) {
    let mut stream = send_and_stay(inspector.addr(), "POST", "/batch", body.as_bytes());
    assert_eq!(read_all(&mut stream), (String::new(), Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_reset_comes_before_during_or_after_the_request_and_nothing_is_accepted() {
    let large = batch(&events(0..20_000));
    let whole = large.len();
    for (fault, name, at_least, at_most, judged) in [
        (Fault::reset_before_request(), "reset_before", 0, 0, 0),
        (Fault::reset_during_request(0), "reset_during", 0, 0, 0),
        (Fault::reset_during_request(1_000_000), "reset_during", 1_000_000, whole, 0),
        (Fault::reset_during_request(u64::MAX), "reset_during", whole, whole, 0),
        (Fault::reset_after_request(), "reset_after", whole, whole, 20_000),
        (Fault::reset_after_request().with_delay(Duration::from_millis(2)), "reset_after", whole, whole, 20_000),
    ] {
        let inspector = inspector();
        inspector.inject(fault);
        was_reset(&inspector, &large);
        let request = inspector.requests().remove(0);
        assert_eq!((request.status, request.fault.as_deref(), request.events), (None, Some(name), judged), "{name}");
        assert!((at_least..=at_most).contains(&request.body_bytes), "{name}: {}", request.body_bytes);
        assert_eq!((inspector.totals().requests_refused, inspector.totals().events_accepted), (1, 0), "{name}");
        assert_eq!(inspector.faults()[0].acted, 1);
        assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..1))).status, 200, "{name}");
    }
}

#[test]
fn what_was_accepted_before_the_reset_is_a_repeat_when_it_comes_again() {
    let inspector = inspector();
    inspector.inject(Fault::accept_then_reset());
    let body = batch(&events(0..3));
    was_reset(&inspector, &body);
    assert_eq!(inspector.events().len(), 3);
    assert_eq!(post(inspector.addr(), "/batch", &body).status, 200);
    let totals = inspector.totals();
    assert_eq!((totals.events_accepted, totals.unique_events, totals.duplicate_events), (6, 3, 3));
    assert_eq!((totals.requests, totals.requests_refused), (2, 1));
    let status: Vec<_> = inspector.requests().iter().map(|request| request.status).collect();
    assert_eq!(status, [None, Some(200)]);

    inspector.inject(Fault::accept_then_reset());
    was_reset(&inspector, "{");
    assert_eq!(inspector.totals().events_accepted, 6);
}

#[test]
fn an_answer_byte_by_byte_takes_its_time_and_is_whole() {
    let inspector = inspector();
    let pause = Duration::from_millis(1);
    inspector.inject(Fault::byte_by_byte(pause));
    let start = Instant::now();
    let mut stream = send_and_stay(inspector.addr(), "POST", "/batch", batch(&events(0..1)).as_bytes());
    let (answer, end) = read_all(&mut stream);
    assert!(start.elapsed() >= pause * u32::try_from(answer.len()).unwrap());
    assert_eq!(end, None);
    let expected = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{\"status\":\"Ok\"}";
    assert_eq!(answer, expected);
    assert_eq!(inspector.totals().unique_events, 1);

    inspector.inject(Fault::status(503).with_body("busy").with_header("Retry-After", "1").with_byte_by_byte(pause));
    let answer = post(inspector.addr(), "/batch", batch(&events(0..1)));
    assert_eq!((answer.status, answer.body.as_str(), answer.header("retry-after")), (503, "busy", Some("1")));
    assert_eq!(inspector.requests()[1].fault.as_deref(), Some("status"));
}

#[test]
fn an_answer_byte_by_byte_holds_up_nobody_else() {
    let inspector = inspector();
    inspector.inject(Fault::byte_by_byte(AN_HOUR));
    let waiting = send(inspector.addr(), "POST", "/batch", &[], batch(&events(0..1)).as_bytes());
    assert!(inspector.wait_for(1, PATIENCE));
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(1..2))).status, 200);
    drop(waiting);
}

#[test]
fn an_endless_body_goes_on_until_the_client_has_had_enough() {
    let inspector = inspector();
    inspector.inject(Fault::status(200).with_body("{").with_endless_body());
    let mut stream = send_and_stay(inspector.addr(), "POST", "/batch", batch(&events(0..1)).as_bytes());
    let head = read_until(&mut stream, "\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && !head.contains("content-length"), "{head}");
    let mut body = vec![0; 4 * 1024 * 1024];
    stream.read_exact(&mut body).unwrap();
    assert!(body.starts_with(b"{xxxx") && body.ends_with(b"x"));
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(1..2))).status, 200);
}

#[test]
fn a_connection_closed_after_the_answer_was_not_announced_to_close() {
    let inspector = inspector();
    inspector.inject(Fault::close_after_reply().times(1));
    let body = batch(&events(0..1));
    let mut stream = send_and_stay(inspector.addr(), "POST", "/batch", body.as_bytes());
    let (answer, end) = read_all(&mut stream);
    assert!(answer.ends_with(r#"{"status":"Ok"}"#), "{answer}");
    assert!(!answer.to_lowercase().contains("connection"), "{answer}");
    assert_eq!(end, None);

    // Without the fault the same connection serves another request.
    let mut stream = send_and_stay(inspector.addr(), "POST", "/batch", body.as_bytes());
    read_until(&mut stream, r#"{"status":"Ok"}"#);
    send_again(&mut stream, "POST", "/batch", body.as_bytes());
    read_until(&mut stream, r#"{"status":"Ok"}"#);
    assert_eq!(inspector.totals().requests, 3);
}

/// Connects as soon as somebody listens.
fn connect_when_open(addr: SocketAddr) -> TcpStream {
    let start = Instant::now();
    loop {
        match TcpStream::connect(addr) {
            Ok(stream) => return stream,
            Err(error) => assert!(start.elapsed() < PATIENCE, "{error}"),
        }
        std::thread::yield_now();
    }
}

#[test]
#[cfg(unix)]
fn connections_are_refused_until_the_fault_is_cleared_and_nobody_else_gets_the_port() {
    let inspector = inspector();
    let addr = inspector.addr();
    for round in 0..3 {
        let mut idle = send_and_stay(addr, "POST", "/batch", batch(&events(round..round + 1)).as_bytes());
        read_until(&mut idle, r#"{"status":"Ok"}"#);
        inspector.inject(Fault::refuse_connections());
        assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        assert_eq!(read_all(&mut idle), (String::new(), Some(ErrorKind::ConnectionReset)));
        assert_eq!(TcpListener::bind(addr).unwrap_err().kind(), ErrorKind::AddrInUse);
        assert_eq!((inspector.faults()[0].acted, inspector.faults()[0].is_over), (1, false));
        inspector.clear_faults();
        assert_eq!(post(addr, "/batch", batch(&events(round..round + 1))).status, 200);
    }
    assert_eq!(TcpListener::bind(addr).unwrap_err().kind(), ErrorKind::AddrInUse);
    assert_eq!((inspector.totals().unique_events, inspector.totals().duplicate_events), (3, 3));
}

#[test]
fn a_refusal_for_a_time_waits_for_its_turn_and_ends_by_itself() {
    let inspector = inspector();
    inspector.inject(Fault::status(503));
    inspector.inject(Fault::refuse_connections().during(Duration::from_millis(200)));
    assert_eq!(post(inspector.addr(), "/batch", "").status, 503);
    // From here on the port closes and opens again. The times of both are the server's affair.
    let addr = inspector.addr();
    let start = Instant::now();
    while inspector.faults().iter().any(|report| !report.is_over) {
        assert!(start.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
    drop(connect_when_open(addr));
    assert_eq!(inspector.faults()[1].acted, 1);
}

#[test]
fn the_json_api_goes_on_over_a_connection_that_it_has() {
    let inspector = inspector();
    let addr = inspector.addr();
    let mut api = send_and_stay(addr, "GET", "/api/health", b"");
    read_until(&mut api, r#"{"status":"ok"}"#);
    inspector.inject(Fault::refuse_connections());
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    send_again(&mut api, "DELETE", "/api/faults", b"");
    assert!(read_until(&mut api, "\r\n\r\n").starts_with("HTTP/1.1 204 "));
    drop(connect_when_open(addr));
}

#[test]
fn an_inspector_that_refuses_connections_stops_like_any_other() {
    let inspector = inspector();
    let addr = inspector.addr();
    inspector.inject(Fault::refuse_connections());
    drop(inspector);
    drop(TcpListener::bind(addr).expect("a free port"));
}

#[test]
fn a_fault_for_connections_spares_unknown_paths_and_the_api() {
    let inspector = inspector();
    inspector.inject(Fault::reset_before_request().always());
    assert_eq!(post(inspector.addr(), "/nowhere", "").status, 404);
    assert_eq!(receive(send(inspector.addr(), "GET", "/api/health", &[], b"")).status, 200);
    was_reset(&inspector, &batch(&events(0..1)));
}
