//! A server that gives every request the same answer.

use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::thread;

/// Listens on this machine, answers 200 with these header lines and a JSON body, and returns its address.
pub(crate) fn answering(headers: &str) -> String {
    let body = r#"{"status":"Ok"}"#;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
    serve(format!("{head}\r\nConnection: close\r\n{headers}\r\n{body}"))
}

/// Listens on this machine, and answers every request with this.
pub(crate) fn serve(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // One that only connects, to see whether it can, gets nothing.
            if has_request(&mut stream) {
                // Whoever asked may be gone.
                stream.write_all(answer.as_bytes()).unwrap_or_default();
            }
        }
    });
    url
}

/// Reads one request with its body, whose length it says.
fn has_request(stream: &mut impl Read) -> bool {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).unwrap_or(0);
        if read == 0 {
            return false;
        }
        request.extend_from_slice(buffer.get(..read).unwrap());
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = |line: &str| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
        let length = head.lines().find_map(length).unwrap_or(0);
        // The body may be compressed: it is measured in bytes, not in what they would be as text.
        let head_bytes = request.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        if request.len() >= head_bytes + length {
            return true;
        }
    }
}
