//! Connections that send no request, half of one, or none any more; and too many of them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use analytics_inspector::{Fault, Inspector};

use super::{SHORT, open, read_to_the_end, request_with_one_event, unlimited, with_limits};
use crate::client::{get, post};
use crate::{batch, event};

/// Two connections whose requests are never answered.
fn hold_two(inspector: &Inspector) -> Vec<TcpStream> {
    inspector.inject(Fault::never_answer().times(2));
    let held = (0..2).map(|_| open(inspector.addr(), request_with_one_event())).collect();
    assert!(inspector.wait_for_requests(2, crate::PATIENCE));
    held
}

#[test]
fn a_connection_without_a_whole_head_is_closed() {
    let mut limits = unlimited();
    limits.head = SHORT;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    for sent in ["", "P", "POST /batch HTTP/1.1\r\n", "POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"] {
        assert_eq!(read_to_the_end(open(addr, sent)), "", "{sent:?}");
    }
    // One byte at a time gains no time.
    let mut slow = open(addr, "POST /batch HTTP/1.1\r\nX: ");
    let sender = {
        let mut slow = slow.try_clone().unwrap();
        std::thread::spawn(move || {
            // Until the server has closed it.
            while slow.write_all(b"x").is_ok() {
                std::thread::sleep(SHORT / 20);
            }
        })
    };
    let read = slow.read(&mut [0]);
    assert!(matches!(read, Ok(0) | Err(_)) && sender.join().is_ok(), "{read:?}");
    assert_eq!(inspector.totals().requests, 0);
    assert_eq!(post(addr, "/batch", batch(&[event(1)])).status, 200);
}

#[test]
fn a_connection_is_closed_when_no_request_follows() {
    let mut limits = unlimited();
    limits.idle = SHORT;
    let inspector = with_limits(limits);
    let request = request_with_one_event();
    let answer = read_to_the_end(open(inspector.addr(), request.repeat(3)));
    assert_eq!(answer.matches(r#"{"status":"Ok"}"#).count(), 3, "{answer}");
}

#[test]
fn a_half_sent_head_after_a_request_has_the_time_of_a_head() {
    let mut limits = unlimited();
    limits.head = SHORT;
    let inspector = with_limits(limits);
    let mut stream = open(inspector.addr(), "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut answer = Vec::new();
    while !answer.ends_with(br#"{"status":"ok"}"#) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    stream.write_all(b"GET /api/he").unwrap();
    assert_eq!(read_to_the_end(stream), "");
}

#[test]
fn a_request_that_waits_for_a_fault_is_in_nobodys_way_and_has_all_the_time() {
    let mut limits = unlimited();
    (limits.head, limits.idle, limits.stall, limits.body, limits.decoding) = (SHORT, SHORT, SHORT, SHORT, SHORT);
    let inspector = with_limits(limits);
    inspector.inject(Fault::delay(5 * SHORT));
    assert_eq!(post(inspector.addr(), "/batch", batch(&[event(1)])).status, 200);
}

#[test]
fn one_connection_too_many_takes_the_place_of_the_one_that_waited_longest() {
    let mut limits = unlimited();
    limits.connections = 8;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    let mut half_open: Vec<TcpStream> = (0..8).map(|_| open(addr, "POST /batch HTTP/1.1\r\n")).collect();
    // More than there may be, and yet each request is answered.
    for round in 0..20 {
        half_open.push(open(addr, "POST "));
        assert_eq!(get(addr, "/").status, 200, "{round}");
        assert_eq!(post(addr, "/batch", batch(&[event(round)])).status, 200, "{round}");
    }
    assert_eq!(read_to_the_end(half_open.remove(0)), "", "the first of them was closed");
}

#[test]
fn a_half_sent_body_goes_before_a_request_that_is_being_answered() {
    let mut limits = unlimited();
    limits.connections = 3;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    let held = hold_two(&inspector);
    let half = open(addr, "POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{");
    assert_eq!(get(addr, "/").status, 200);
    assert_eq!(read_to_the_end(half), "");
    // Those that are being answered still are.
    for mut stream in held {
        stream.set_nonblocking(true).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }
}

#[test]
fn where_every_connection_is_being_answered_a_new_one_is_closed() {
    let mut limits = unlimited();
    limits.connections = 2;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    let held = hold_two(&inspector);
    assert_eq!(read_to_the_end(TcpStream::connect(addr).unwrap()), "");
    drop(held);
    super::wait_for(|| {
        let mut stream = open(addr, "GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200 ")
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_crowd_of_connections_waits_in_line_and_none_of_them_for_the_systems_next_try() {
    let at_most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
    if at_most.trim().parse::<u32>().unwrap() < 1_024 {
        return crate::skip("needs net.core.somaxconn of 1,024 at least, for a line of 400 connections");
    }
    let (entered, is_entered) = std::sync::mpsc::channel();
    let (leave, may_leave) = std::sync::mpsc::channel::<()>();
    let may_leave = std::sync::Mutex::new(may_leave);
    let options = analytics_inspector::InspectorOptions::default().with_observer(move |_| {
        entered.send(()).unwrap();
        // For as long as an observer takes, nothing is accepted.
        may_leave.lock().unwrap().recv().unwrap();
    });
    let inspector = analytics_inspector::Inspector::start(options).unwrap();
    let addr = inspector.addr();
    let sender = std::thread::spawn(move || post(addr, "/batch", batch(&[event(1)])).status);
    is_entered.recv().unwrap();
    let crowd: Vec<_> = (0..400).map(|_| TcpStream::connect_timeout(&addr, crate::PATIENCE).unwrap()).collect();
    leave.send(()).unwrap();
    assert_eq!(sender.join().unwrap(), 200);
    assert_eq!(get(addr, "/").status, 200);
    drop(crowd);
}

#[test]
fn a_head_of_more_than_64_kib_is_refused() {
    let inspector = crate::inspector();
    for (bytes, expected) in [(60 * 1024, "HTTP/1.1 200 "), (65 * 1024, "HTTP/1.1 431 ")] {
        let padding = "x".repeat(bytes);
        let head = format!("GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: {padding}\r\n\r\n");
        let answer = read_to_the_end(open(inspector.addr(), head));
        assert!(answer.starts_with(expected), "{bytes}: {answer}");
    }
}

#[test]
#[cfg(feature = "tls")]
fn a_handshake_that_does_not_go_on_is_a_failed_one() {
    let mut limits = unlimited();
    limits.head = SHORT;
    let options = analytics_inspector::InspectorOptions::default()
        .with_tls(analytics_inspector::TlsCertificate::Valid)
        .with_limits(limits);
    let inspector = analytics_inspector::Inspector::start(options).unwrap();
    assert_eq!(read_to_the_end(open(inspector.addr(), "\u{16}")), "");
    super::wait_for(|| inspector.failed_handshakes() == 1);
}
