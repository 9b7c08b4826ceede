//! The accept loop. It owns the listener.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use super::connection::Service;
use super::connections::Connections;
use super::port::HeldPort;
use crate::access::Peer;
use crate::faults::Refusal;
use crate::shared::Shared;

/// The pause after a failure, so that running out of file descriptors is no busy loop.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(20);

/// Serves connections until the other side of `stopping` is dropped, then closes the listener.
pub(super) async fn until_stopped(
    listener: TcpListener,
    shared: Arc<Shared>,
    connections: Arc<Connections>,
    routes: Router,
    stopping: oneshot::Receiver<()>,
) {
    let Ok(addr) = listener.local_addr() else {
        return;
    };
    let changes = shared.faults.watch();
    let is_down = watch::Sender::new(false);
    let service = Service { shared: Arc::clone(&shared), routes, is_down: is_down.subscribe() };
    let acceptor = Acceptor { addr, port: Port::Open(listener), shared, service, connections, changes, is_down };
    tokio::select! {
        _ = stopping => {}
        () = acceptor.run() => {}
    }
}

struct Acceptor {
    addr: SocketAddr,
    port: Port,
    shared: Arc<Shared>,
    service: Service,
    connections: Arc<Connections>,
    changes: watch::Receiver<u64>,
    is_down: watch::Sender<bool>,
}

enum Port {
    Open(TcpListener),
    Held(HeldPort),
    /// On its way from one to the other.
    Moving,
}

impl Acceptor {
    async fn run(mut self) {
        loop {
            let change = *self.changes.borrow_and_update();
            let refusal = self.shared.faults.refusal();
            if self.follow(refusal).is_err() {
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                continue;
            }
            self.shared.gate.saw(change);
            self.until_changed(refusal).await;
        }
    }

    /// Closes or opens the port.
    fn follow(&mut self, refusal: Option<Refusal>) -> io::Result<()> {
        let port = std::mem::replace(&mut self.port, Port::Moving);
        self.port = match (port, refusal) {
            (Port::Open(listener), Some(_)) => {
                let held = HeldPort::hold(listener, self.addr);
                self.is_down.send_replace(true);
                Port::Held(held)
            }
            (Port::Held(mut held), None) => match held.listen() {
                Ok(listener) => {
                    self.is_down.send_replace(false);
                    Port::Open(listener)
                }
                Err(error) => {
                    self.port = Port::Held(held);
                    return Err(error);
                }
            },
            (port, _) => port,
        };
        Ok(())
    }

    /// Accepts, or refuses, until a fault asks for a look at the port.
    async fn until_changed(&mut self, refusal: Option<Refusal>) {
        let until = refusal.and_then(|refusal| refusal.until);
        loop {
            tokio::select! {
                _ = self.changes.changed() => return,
                () = at(until) => return,
                () = self.port.accept(&self.service, &self.connections) => {}
            }
        }
    }
}

impl Port {
    /// Takes in one connection; where nobody listens, that never ends.
    async fn accept(&self, service: &Service, connections: &Arc<Connections>) {
        let Self::Open(listener) = self else {
            return std::future::pending().await;
        };
        let Ok((stream, addr)) = listener.accept().await else {
            // Out of file descriptors, most likely.
            connections.evict_one();
            return tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
        };
        // Where nobody is evicted for it, the new connection is closed.
        if let Some(registration) = connections.register() {
            tokio::spawn(service.clone().serve(stream, Peer::new(addr), registration));
        }
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}
