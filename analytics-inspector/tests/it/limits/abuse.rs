//! All of it at once, while somebody looks at the page.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use analytics_inspector::Limits;

use super::{open, with_limits};
use crate::client::get;
use crate::v1::{PATH, headers};
use crate::{batch, gzip, zstd};

const MIB: usize = 1024 * 1024;

/// Readers that never read, for as long as it takes.
const READERS: u64 = 8;

/// What the page promises, and what a busy machine may add.
const PROMISE: Duration = Duration::from_secs(1);
const SLACK: Duration = Duration::from_secs(2);

/// As many bytes of zstd frames without content.
fn empty_frames(bytes: usize) -> Vec<u8> {
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x01, 0x00, 0x00];
    frame.repeat(bytes / frame.len())
}

/// One zstd frame of blocks without content.
fn empty_blocks(bytes: usize) -> Vec<u8> {
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00][..], &[0; 3].repeat(bytes / 3), &[1, 0, 0]].concat()
}

/// Gzip of stored blocks without content.
fn stored_blocks(bytes: usize) -> Vec<u8> {
    let head = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff];
    [&head[..], &[0x00, 0x00, 0x00, 0xff, 0xff].repeat(bytes / 5)].concat()
}

/// A path, an encoding, and the body that goes there.
type Body = (&'static str, &'static str, Vec<u8>);

/// Bodies that are a lot of work for little.
fn bodies() -> Vec<Body> {
    let bomb = batch(&[]) + &" ".repeat(24 * MIB);
    let tiny: Vec<_> = (0..200_000).map(|n| format!(r#"{{"event":"e{n}","distinct_id":"u"}}"#)).collect();
    let nested = format!(
        r#"{{"api_key":"k","batch":[{{"event":"e","distinct_id":"u","properties":{{"a":{}}}}}]}}"#,
        "[".repeat(9 * MIB)
    );
    vec![
        (PATH, "zstd", empty_frames(9 * MIB)),
        (PATH, "zstd", empty_blocks(9 * MIB)),
        (PATH, "gzip", stored_blocks(9 * MIB)),
        (PATH, "zstd", zstd(bomb.as_bytes())),
        ("/batch", "gzip", gzip(bomb.as_bytes())),
        ("/batch", "identity", batch(&tiny).into_bytes()),
        ("/batch", "identity", nested.into_bytes()),
        ("/batch", "identity", vec![b'A'; 19 * MIB]),
    ]
}

/// Sends the bodies over and over until it is over.
fn send_bodies(addr: SocketAddr, bodies: &[Body], is_over: &AtomicBool, rounds: &AtomicUsize, answered: &AtomicUsize) {
    while !is_over.load(Ordering::Relaxed) {
        for (path, encoding, wire) in bodies {
            answered.fetch_add(usize::from(is_answered(addr, path, encoding, wire)), Ordering::Relaxed);
        }
        rounds.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends a request and reads its answer. In such a crowd its connection may have to make room for another one.
fn is_answered(addr: SocketAddr, path: &str, encoding: &str, wire: &[u8]) -> bool {
    let mut headers = headers();
    headers.insert("Content-Encoding", encoding.to_owned());
    let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (headers, bytes) = (headers.concat(), wire.len());
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {bytes}\r\n\r\n");
    let mut answer = Vec::new();
    let mut stream = open(addr, "");
    let exchanged = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(wire))
        .and_then(|()| stream.read_to_end(&mut answer));
    exchanged.is_ok() && answer.starts_with(b"HTTP/1.1 ")
}

/// Connections that are left half open, in every way, more than there may be.
fn half_open(addr: SocketAddr) -> Vec<TcpStream> {
    let starts = [
        "",
        "POST /batch HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{",
        "GET /api/stream?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/page/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/events?limit=1000000&text=nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ];
    starts.iter().cycle().take(300).map(|start| open(addr, start)).collect()
}

/// Asks for what the page is made of, and gives how long the slowest answer took.
fn look(addr: SocketAddr) -> Duration {
    let ask = |path| {
        let begun = Instant::now();
        let answer = get(addr, path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        begun.elapsed()
    };
    ["/", "/page/page.js", "/api/health", "/api/counts", "/api/page/feed"].map(ask).into_iter().max().unwrap()
}

#[test]
fn the_page_answers_throughout() {
    // Without optimization each body that is refused for its time would take all of it.
    let mut limits = Limits::default();
    limits.decoding = Duration::from_secs(5);
    let inspector = with_limits(limits);
    let addr = inspector.addr();
    super::readers::fill(addr);
    let bodies = bodies();
    let (is_over, rounds, answered) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let (mut looks, mut slowest, mut connections) = (0, Duration::ZERO, 0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| send_bodies(addr, &bodies, &is_over, &rounds, &answered));
        }
        let stream = "GET /api/stream?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let _never_read: Vec<_> = (0..READERS).map(|_| open(addr, stream)).collect();
        let mut half = Vec::new();
        // Until every body was sent by everybody and the readers are dropped, with new half-open connections all the
        // while.
        while rounds.load(Ordering::Relaxed) < 2 || inspector.totals().readers_dropped < READERS {
            assert!(looks < 20_000, "readers that never read are not dropped");
            if looks % 50 == 0 {
                connections += 300;
                half.append(&mut half_open(addr));
                half.drain(..half.len().saturating_sub(900));
            }
            // Those that send something go on.
            for stream in half.iter_mut().step_by(7) {
                stream.set_nonblocking(true).unwrap();
                stream.write(b"x").unwrap_or_default();
            }
            slowest = slowest.max(look(addr));
            looks += 1;
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let slowest_ms = slowest.as_millis();
    println!(
        "figure: half-open connections {connections}, bodies answered {}, slow readers dropped {}, looks at the page \
         {looks}, the slowest {slowest_ms} ms",
        answered.load(Ordering::Relaxed),
        inspector.totals().readers_dropped
    );
    assert!(slowest < PROMISE + SLACK, "the slowest look took {slowest_ms} ms");
}
