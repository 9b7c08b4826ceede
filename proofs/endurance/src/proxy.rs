//! A TCP proxy that cuts, resets and throttles: between a service and a server that notices nothing.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// What happens to one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// Nothing.
    Pass,
    /// Both ends are reset once so many bytes of the client's passed.
    ResetAfter(usize),
    /// Both ends are reset when the server begins to answer: it has taken the request.
    ResetAtAnswer,
    /// The answer's bytes pass one by one, with this pause before each.
    TrickleAnswer(Duration),
    /// The client's end is half closed once the first answer passed, and the connection is left open.
    HalfCloseAfterAnswer,
}

/// A proxy in front of one server, on a thread and a runtime of its own.
#[derive(Debug)]
pub struct Proxy {
    addr: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// For the connections to come.
    tampers: VecDeque<Tamper>,
    /// For those after them; without it they pass.
    always: Option<Tamper>,
    /// How long each connection lasted, once it is over.
    lifetimes: Vec<Duration>,
    /// Connections that were tampered with.
    acted: usize,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Closed,
    Reset,
}

impl Proxy {
    /// Starts one in front of `server`, with a fate for each of the first connections.
    ///
    /// # Errors
    /// If the machine has no port, thread or runtime to give.
    pub fn start(server: SocketAddr, tampers: impl IntoIterator<Item = Tamper>) -> io::Result<Self> {
        Self::with(server, State { tampers: tampers.into_iter().collect(), ..State::default() })
    }

    /// Starts one in front of `server`, with one fate for all connections.
    ///
    /// # Errors
    /// If the machine has no port, thread or runtime to give.
    pub fn always(server: SocketAddr, tamper: Tamper) -> io::Result<Self> {
        Self::with(server, State { always: Some(tamper), ..State::default() })
    }

    fn with(server: SocketAddr, state: State) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let state = Arc::new(Mutex::new(state));
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let of_thread = Arc::clone(&state);
        // The thread ends with the process: a proof's proxy has no end of its own.
        thread::Builder::new().spawn(move || runtime.block_on(listen(listener, server, of_thread)))?;
        Ok(Self { addr, state })
    }

    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// How long each connection lasted, of those that are over.
    #[must_use]
    pub fn lifetimes(&self) -> Vec<Duration> {
        lock(&self.state).lifetimes.clone()
    }

    /// How many connections were tampered with.
    #[must_use]
    pub fn acted(&self) -> usize {
        lock(&self.state).acted
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(listener: std::net::TcpListener, server: SocketAddr, state: Arc<Mutex<State>>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let tamper = {
                let mut state = lock(&state);
                state.tampers.pop_front().or(state.always).unwrap_or(Tamper::Pass)
            };
            let begun = Instant::now();
            // Whatever breaks ends the connection, as with any proxy.
            pass(client, server, tamper, &state).await.unwrap_or_default();
            lock(&state).lifetimes.push(begun.elapsed());
        });
    }
}

/// Serves one connection until an end closes it or it is reset.
async fn pass(mut client: TcpStream, server: SocketAddr, tamper: Tamper, state: &Mutex<State>) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let end = {
        let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
        tokio::select! {
            end = requests(from_client, to_server, tamper) => end?,
            end = answers(from_server, to_client, tamper, state) => end?,
        }
    };
    if end == End::Reset {
        lock(state).acted += 1;
        // Closed without a linger, a socket is reset at once, whatever is on its way.
        client.set_zero_linger()?;
        server.set_zero_linger()?;
    }
    Ok(())
}

async fn requests(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, tamper: Tamper) -> io::Result<End> {
    let mut buffer = vec![0; 16 * 1024];
    let mut passed = 0;
    loop {
        let limit = match tamper {
            Tamper::ResetAfter(bytes) if passed >= bytes => return Ok(End::Reset),
            Tamper::ResetAfter(bytes) => (bytes - passed).min(buffer.len()),
            _ => buffer.len(),
        };
        let read = from.read(buffer.get_mut(..limit).unwrap_or_default()).await?;
        if read == 0 {
            return Ok(End::Closed);
        }
        to.write_all(buffer.get(..read).unwrap_or_default()).await?;
        passed += read;
    }
}

async fn answers(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    tamper: Tamper,
    state: &Mutex<State>,
) -> io::Result<End> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        let bytes = buffer.get(..read).unwrap_or_default();
        match tamper {
            _ if bytes.is_empty() => break,
            Tamper::ResetAtAnswer => return Ok(End::Reset),
            Tamper::TrickleAnswer(pause) => {
                lock(state).acted += 1;
                for byte in bytes {
                    tokio::time::sleep(pause).await;
                    to.write_all(std::slice::from_ref(byte)).await?;
                }
            }
            Tamper::HalfCloseAfterAnswer => {
                lock(state).acted += 1;
                to.write_all(bytes).await?;
                break;
            }
            Tamper::Pass | Tamper::ResetAfter(_) => to.write_all(bytes).await?,
        }
    }
    // Half closed: the other half is the client's to close.
    to.shutdown().await?;
    std::future::pending().await
}
