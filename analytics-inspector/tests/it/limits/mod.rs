//! Clients that take more than their share: of connections, of memory, of time.

mod abuse;
mod bodies;
mod connections;
mod memory;
mod readers;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions, Limits};

use crate::{PATIENCE, batch, event};

/// Short enough for a test to wait for.
const SHORT: Duration = Duration::from_millis(300);

/// Longer than any test.
const LONG: Duration = Duration::from_secs(3_600);

/// Limits of which none is reached.
pub(crate) fn unlimited() -> Limits {
    let mut limits = Limits::default();
    (limits.head, limits.idle, limits.stall, limits.body, limits.decoding) = (LONG, LONG, LONG, LONG, LONG);
    limits
}

pub(crate) fn with_limits(limits: Limits) -> Inspector {
    Inspector::start(InspectorOptions::default().with_limits(limits)).unwrap()
}

/// A connection that has sent this and is left open.
fn open(addr: SocketAddr, sent: impl AsRef<[u8]>) -> TcpStream {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(sent.as_ref()).unwrap();
    stream
}

/// A request for one event, as it is on the wire.
fn request_with_one_event() -> String {
    let body = batch(&[event(1)]);
    format!("POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// What comes until the server closes the connection.
fn read_to_the_end(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        // Closed with bytes of ours unread.
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "the server did not close it"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits for what the server is to notice.
fn wait_for(mut reached: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !reached() {
        assert!(begun.elapsed() < PATIENCE, "it did not come about");
        std::thread::sleep(Duration::from_millis(2));
    }
}
