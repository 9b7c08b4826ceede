//! A server that gives each request the same answer.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Listens on this machine.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Receiver<String>,
}

impl Server {
    /// Answers with `head`, a status line and headers, and with `body`.
    pub(crate) fn answering(head: &str, body: &str) -> Self {
        let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, requests) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&mut stream);
                // The test may be over.
                let is_awaited = seen.send(request).is_ok();
                if !is_awaited || stream.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        });
        Self { url, requests }
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.try_iter().collect()
    }
}

/// One request with its body, whose length it says.
fn read(stream: &mut impl std::io::Read) -> String {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).unwrap();
        request.extend_from_slice(buffer.get(..read).unwrap());
        let text = String::from_utf8_lossy(&request).into_owned();
        let length = text.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        if read == 0 || body.is_some_and(|body| body >= length.unwrap_or(0)) {
            return text;
        }
    }
}
