//! Bodies that do not come, that take too long to be decoded, or that are too many at once.

use std::io::Write as _;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use analytics_inspector::{Fault, Inspector};
use serde_json::json;

use super::{SHORT, open, read_to_the_end, unlimited, wait_for, with_limits};
use crate::client::{get, post, request};
use crate::v1::{PATH, headers, send_to};
use crate::{batch, event, events, gzip, zstd};

const MIB: usize = 1024 * 1024;

/// The head of a request whose body has this many bytes.
fn head(path: &str, bytes: usize) -> String {
    let fields: Vec<_> = headers().iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let fields = fields.concat();
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}Content-Length: {bytes}\r\n\r\n")
}

#[test]
fn a_body_that_stops_coming_is_answered_408_by_every_route_that_reads_one() {
    let mut limits = unlimited();
    limits.stall = SHORT;
    let inspector = with_limits(limits);
    for path in ["/batch", "/e", "/i/v0/ai/batch/", PATH, "/i/v1/ai/events", "/nowhere", "/", "/flags", "/api/faults"] {
        let answer = read_to_the_end(open(inspector.addr(), head(path, 100) + "{"));
        let status: u16 = answer.split(' ').nth(1).unwrap().parse().unwrap();
        match path {
            // What is not there is not there, and flags are none, whatever is asked.
            "/nowhere" | "/" => assert_eq!(status, 404, "{path}"),
            "/flags" => assert_eq!(status, 200, "{path}"),
            _ => assert_eq!(status, 408, "{path}: {answer}"),
        }
        if path == PATH {
            assert!(answer.contains("\"error\":\"body_read_timeout\""), "{answer}");
        }
    }
    let requests = inspector.requests();
    let refused: Vec<_> = requests.iter().map(|request| (request.path.as_str(), request.status.unwrap())).collect();
    assert_eq!(refused.len(), 7, "{refused:?}");
    assert_eq!(requests[0].reason.as_deref(), Some("the body stopped coming"));
}

#[test]
fn a_body_that_comes_in_drops_is_answered_408_when_its_time_is_over() {
    let mut limits = unlimited();
    limits.body = SHORT;
    let inspector = with_limits(limits);
    let stream = open(inspector.addr(), head("/batch", MIB));
    let sender = {
        let mut stream = stream.try_clone().unwrap();
        std::thread::spawn(move || {
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(SHORT / 20);
            }
        })
    };
    wait_for(|| inspector.totals().requests == 1);
    stream.shutdown(Shutdown::Both).unwrap_or_default();
    sender.join().unwrap();
    let request = inspector.requests().remove(0);
    assert_eq!((request.status, request.reason.as_deref()), (Some(408), Some("the body takes too long")));
}

#[test]
fn a_body_that_stops_coming_meets_the_fault_that_waits_for_it() {
    let mut limits = unlimited();
    limits.stall = SHORT;
    let inspector = with_limits(limits);
    inspector.inject(Fault::reset_during_request(1_000));
    assert_eq!(read_to_the_end(open(inspector.addr(), head("/batch", 2_000) + "{")), "");
    assert_eq!(inspector.faults()[0].acted, 1);
}

/// A zstd frame with as many blocks of nothing.
fn empty_blocks(count: usize) -> Vec<u8> {
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00];
    [&frame[..], &[0; 3].repeat(count), &[1, 0, 0]].concat()
}

fn send_encoded(inspector: &Inspector, label: &str, wire: &[u8]) -> crate::client::Answer {
    let mut headers = headers();
    headers.insert("Content-Encoding", label.to_owned());
    send_to(inspector, PATH, &headers, wire)
}

#[test]
fn a_body_has_as_much_time_to_be_decoded_and_no_more_whatever_its_encoding() {
    let mut limits = unlimited();
    limits.decoding = Duration::ZERO;
    let inspector = with_limits(limits);
    let body = batch(&events(0..10));
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut body.as_bytes(), &mut brotli, &brotli::enc::BrotliEncoderParams::default()).unwrap();
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(body.as_bytes()).unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(body.as_bytes()).unwrap();
    for (label, wire) in [
        ("gzip", gzip(body.as_bytes())),
        ("deflate", deflate.finish().unwrap()),
        ("deflate", zlib.finish().unwrap()),
        ("br", brotli),
        ("zstd", zstd(body.as_bytes())),
        ("zstd", empty_blocks(100_000)),
    ] {
        let answer = send_encoded(&inspector, label, &wire);
        assert_eq!((answer.status, &answer.json()["error"]), (503, &json!("service_unavailable")), "{label}");
        assert_eq!(answer.header("retry-after"), Some("1"), "{label}");
    }
    let answer = post(inspector.addr(), "/batch", gzip(body.as_bytes()));
    assert!(answer.status == 503 && answer.body.contains("longer to decode"), "{}", answer.body);
    assert_eq!(post(inspector.addr(), "/batch", &body).status, 200, "what is not encoded needs no decoding");
}

/// A body that is held half way, with the rest of it.
struct Half {
    stream: TcpStream,
    rest: Vec<u8>,
}

fn half(addr: SocketAddr, path: &str, body: &[u8]) -> Half {
    let (sent, rest) = body.split_at(body.len() / 2);
    Half { stream: open(addr, [head(path, body.len()).as_bytes(), sent].concat()), rest: rest.to_vec() }
}

impl Half {
    fn send_rest(mut self) -> String {
        self.stream.write_all(&self.rest).unwrap();
        read_to_the_end(self.stream)
    }
}

#[test]
fn bodies_in_hand_are_bounded_over_all_connections() {
    let mut limits = unlimited();
    limits.bytes_in_hand = 4 * MIB;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    let body = batch(&[event(1)]) + &" ".repeat(MIB);
    let halves: Vec<_> = (0..6).map(|_| half(addr, "/batch", body.as_bytes())).collect();
    // Six halves are 3 MiB. A whole one more fits nowhere, neither by one protocol nor by the other.
    wait_for(|| {
        let answer = post(addr, "/batch", &body);
        answer.status == 503 && answer.body.contains("as many bytes in hand as it may have")
    });
    let answer = send_to(&inspector, PATH, &headers(), &body);
    assert_eq!((answer.status, &answer.json()["error"]), (503, &json!("service_unavailable")));
    // The page and small requests go on.
    assert_eq!(get(addr, "/").status, 200);
    assert_eq!(post(addr, "/batch", batch(&[event(2)])).status, 200);
    // Given up, the halves give back what they had.
    drop(halves);
    wait_for(|| post(addr, "/batch", &body).status == 200);
}

#[test]
fn a_body_that_was_taken_gives_back_what_it_had() {
    let mut limits = unlimited();
    limits.bytes_in_hand = 3 * MIB;
    let inspector = with_limits(limits);
    let body = batch(&[event(1)]) + &" ".repeat(MIB);
    for round in 0..20 {
        assert_eq!(post(inspector.addr(), "/batch", &body).status, 200, "{round}");
        assert_eq!(half(inspector.addr(), "/batch", body.as_bytes()).send_rest().split(' ').nth(1), Some("200"));
    }
    inspector.inject(Fault::never_answer().times(5));
    let held: Vec<_> =
        (0..5).map(|_| crate::client::send(inspector.addr(), "POST", "/batch", &[], body.as_bytes())).collect();
    assert!(inspector.wait_for_requests(45, crate::PATIENCE));
    // What is never answered holds nothing.
    wait_for(|| post(inspector.addr(), "/batch", &body).status == 200);
    drop(held);
}

#[test]
fn what_a_body_inflates_to_counts_as_it_grows() {
    let mut limits = unlimited();
    limits.bytes_in_hand = 8 * MIB;
    let inspector = with_limits(limits);
    let large = batch(&[event(1)]) + &" ".repeat(10 * MIB);
    let answer = post(inspector.addr(), "/batch", gzip(large.as_bytes()));
    assert!(answer.status == 503 && answer.body.contains("in hand"), "{}", answer.body);
    for (label, wire) in [("gzip", gzip(large.as_bytes())), ("zstd", zstd(large.as_bytes()))] {
        assert_eq!(send_encoded(&inspector, label, &wire).status, 503, "{label}");
    }
    let fits = batch(&[event(1)]) + &" ".repeat(2 * MIB);
    assert_eq!(post(inspector.addr(), "/batch", gzip(fits.as_bytes())).status, 200);
}

#[test]
fn an_answer_of_the_api_counts_until_it_is_read() {
    let mut limits = unlimited();
    limits.bytes_in_hand = 2 * MIB;
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    let large =
        |n: u32| format!(r#"{{"event":"e{n}","distinct_id":"u","properties":{{"k":"{}"}}}}"#, "x".repeat(MIB / 2));
    for n in 0..8 {
        assert_eq!(post(addr, "/batch", batch(&[large(n)])).status, 200);
    }
    let answer = get(addr, "/api/events");
    assert!(answer.status == 503 && answer.body.contains("ask for less"), "{}", answer.body);
    for _ in 0..5 {
        assert_eq!(get(addr, "/api/events?limit=2").status, 200);
    }
    assert_eq!(get(addr, "/").status, 200);
}

#[test]
fn faults_over_the_api_are_bounded_in_number_and_in_size() {
    let inspector = crate::inspector();
    for _ in 0..1_000 {
        inspector.inject(Fault::status(503).if_wire_bytes_exceed(usize::MAX).always());
    }
    let answer = post(inspector.addr(), "/api/faults", r#"{"status": 503}"#);
    assert!(answer.status == 409 && answer.body.contains("clear them first"), "{}", answer.body);
    assert_eq!(request(inspector.addr(), "DELETE", "/api/faults", &[], b"").status, 204);
    let large = json!({"status": 503, "body": "x".repeat(2 * MIB)}).to_string();
    assert_eq!(post(inspector.addr(), "/api/faults", large).status, 413);
    assert_eq!(post(inspector.addr(), "/api/faults", r#"{"status": 503}"#).status, 204);
}
