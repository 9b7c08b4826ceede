//! A host that gives one answer to all, and remembers what it was sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::harness::fixture::OrFail;
use crate::unmet::Unmet;

pub(super) struct Recorder {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    /// Answers with `status`.
    pub(super) fn start(status: &'static str) -> Result<Self, Unmet> {
        Self::answering(move |_| format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"))
    }

    /// Answers with what `answer` makes of the request.
    pub(super) fn answering(answer: impl Fn(&str) -> String + Send + 'static) -> Result<Self, Unmet> {
        let listener = TcpListener::bind("127.0.0.1:0").or_fail("a port")?;
        let url = format!("http://{}", listener.local_addr().or_fail("an address")?);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&seen);
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let request = request(&mut client);
                remembered.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(request.as_bytes());
                client.write_all(answer(&request).as_bytes()).unwrap_or_default();
            }
        });
        Ok(Self { url, seen })
    }

    pub(super) fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// Reads a request with its body, as far as it comes.
fn request(client: &mut TcpStream) -> String {
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap_or_default();
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4_096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match client.read(&mut buffer) {
            Ok(read @ 1..) => bytes.extend_from_slice(buffer.get(..read).unwrap_or_default()),
            _ => return text,
        }
    }
}
