//! A thread with a runtime of its own, a listener, and the routes behind it.

mod accept;
mod connection;
mod connections;
mod monitored;
mod port;
mod progress;
mod routes;
mod socket;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use self::connections::Connections;
use crate::shared::Shared;

pub(crate) use self::port::listen;

/// How long dropping a server may wait for its thread.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// The running thread. Dropping this stops it.
pub(crate) struct Server {
    addr: SocketAddr,
    connections: Arc<Connections>,
    /// Dropped to stop the accept loop.
    stop: Option<oneshot::Sender<()>>,
    /// Disconnects when the thread has closed all its sockets.
    stopped: Mutex<mpsc::Receiver<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, shared: Arc<Shared>) -> io::Result<Self> {
        let addr = listener.local_addr()?;
        let (stop, stopping) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let (alive, stopped) = mpsc::channel();
        let connections = Arc::new(Connections::new(shared.limits.connections));
        let of_thread = Arc::clone(&connections);
        thread::Builder::new().name("analytics-inspector".to_owned()).spawn(move || {
            run(listener, shared, of_thread, stopping, &ready);
            drop(alive);
        })?;
        is_ready.recv().map_err(|_| io::Error::other("the inspector's thread ended before it was ready"))??;
        Ok(Self { addr, connections, stop: Some(stop), stopped: Mutex::new(stopped) })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Whether no connection is open.
    pub(crate) fn has_no_connections(&self) -> bool {
        self.connections.are_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        let stopped = self.stopped.get_mut();
        let stopped = stopped.unwrap_or_else(PoisonError::into_inner);
        // Either answer will do: the thread is gone, or it may not hold its owner up any longer.
        stopped.recv_timeout(STOP_WITHIN).unwrap_or_default();
    }
}

/// The thread's whole life.
fn run(
    listener: TcpListener,
    shared: Arc<Shared>,
    connections: Arc<Connections>,
    stopping: oneshot::Receiver<()>,
    ready: &mpsc::Sender<io::Result<()>>,
) {
    let started = tokio::runtime::Builder::new_current_thread().enable_all().build().and_then(|runtime| {
        let context = runtime.enter();
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        drop(context);
        Ok((runtime, listener))
    });
    let (answer, started) = match started {
        Ok(started) => (Ok(()), Some(started)),
        Err(error) => (Err(error), None),
    };
    let owner_waits = ready.send(answer).is_ok();
    if let Some((runtime, listener)) = started.filter(|_| owner_waits) {
        let routes = routes::routes(Arc::clone(&shared));
        runtime.block_on(accept::until_stopped(listener, shared, connections, routes, stopping));
        runtime.shutdown_background();
    }
}
