//! A server of the proofs' own, for what no capture server does: it reads requests and hands the socket over.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A server that reads requests and leaves the answer to a function. Every byte that it received is kept.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// What comes after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The connection's next request.
    Next,
    /// The end of the connection.
    Close,
}

impl Server {
    /// Starts one on this machine. `answer` is called for every request with its bytes and the socket.
    ///
    /// # Errors
    /// If the machine has no port to give.
    pub fn start(
        answer: impl Fn(&[u8], &mut TcpStream) -> io::Result<Then> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::listen(is_whole, answer)
    }

    /// The same for what is no HTTP: `answer` is called with whatever comes at once.
    ///
    /// # Errors
    /// If the machine has no port to give.
    pub fn start_raw(
        answer: impl Fn(&[u8], &mut TcpStream) -> io::Result<Then> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::listen(|bytes| !bytes.is_empty(), answer)
    }

    fn listen(
        is_whole: fn(&[u8]) -> bool,
        answer: impl Fn(&[u8], &mut TcpStream) -> io::Result<Then> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let addr = listener.local_addr()?;
        let received: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let (kept, answer) = (Arc::clone(&received), Arc::new(answer));
        // The thread ends with the process: a proof's server has no end of its own.
        thread::Builder::new().spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || serve(stream, is_whole, &kept, &*answer));
            }
        })?;
        Ok(Self { addr, received })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The requests that it has received, heads and bodies as they were on the wire.
    #[must_use]
    pub fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests held `text` in the clear.
    #[must_use]
    pub fn received_with(&self, text: &str) -> usize {
        let holds = |request: &&Vec<u8>| request.windows(text.len()).any(|window| window == text.as_bytes());
        self.received().iter().filter(holds).count()
    }
}

/// Serves one connection. Whatever breaks ends it, as with any server.
fn serve(
    mut stream: TcpStream,
    is_whole: fn(&[u8]) -> bool,
    kept: &Mutex<Vec<Vec<u8>>>,
    answer: &dyn Fn(&[u8], &mut TcpStream) -> io::Result<Then>,
) {
    while let Ok(Some(request)) = read_request(&mut stream, is_whole) {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        if !matches!(answer(&request, &mut stream), Ok(Then::Next)) {
            return;
        }
    }
}

/// One request, or what there is of it when the client stops; `None` at the end of the connection.
fn read_request(stream: &mut impl Read, is_whole: fn(&[u8]) -> bool) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while !is_whole(&bytes) {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok((!bytes.is_empty()).then_some(bytes));
        }
        bytes.extend(buffer.iter().take(read));
    }
    Ok(Some(bytes))
}

/// Whether the head and as much of a body as it names are there.
fn is_whole(request: &[u8]) -> bool {
    let Some(head_bytes) = request.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(request.get(..head_bytes).unwrap_or_default()).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    request.len() >= head_bytes + 4 + length.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_with_its_body() {
        let request = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
        assert!(is_whole(request) && !is_whole(&request[..request.len() - 1]));
        assert!(is_whole(b"CONNECT a:1 HTTP/1.1\r\n\r\n") && !is_whole(b"CONNECT a:1 HTTP/1.1\r\n"));
    }
}
