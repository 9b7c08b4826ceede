//! One connection, from its first byte to its last.

#[cfg(feature = "tls")]
use std::sync::Arc;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::socket::Socket;
use crate::access::Peer;
#[cfg(feature = "tls")]
use crate::shared::Shared;
use crate::wire::{Order, Wire};

/// What all connections of a server have in common.
#[derive(Clone)]
pub(super) struct Service {
    #[cfg(feature = "tls")]
    pub(super) shared: Arc<Shared>,
    pub(super) routes: Router,
    pub(super) is_down: watch::Receiver<bool>,
}

impl Service {
    /// Serves one connection to its end.
    pub(super) async fn serve(self, stream: TcpStream, peer: Peer) {
        if stream.set_nodelay(true).is_err() {
            return;
        }
        #[cfg(feature = "tls")]
        if let Some(identity) = &self.shared.identity {
            match identity.acceptor.accept(stream).await {
                Ok(stream) => serve(stream, peer, self.routes, self.is_down).await,
                Err(_) => self.shared.note_failed_handshake(),
            }
            return;
        }
        serve(stream, peer, self.routes, self.is_down).await;
    }
}

/// Serves one connection to its end. How it ended is the client's business.
///
/// When `is_down` becomes true it is reset, unless it is one of the JSON API's.
async fn serve(stream: impl Socket, peer: Peer, routes: Router, mut is_down: watch::Receiver<bool>) {
    let (wire, mut orders) = Wire::new();
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        wire.note_path(request.uri().path());
        request.extensions_mut().insert(wire.clone());
        request.extensions_mut().insert(peer);
        routes.call(request)
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let order = tokio::select! {
        // How it ended is the client's business.
        _ = &mut connection => return,
        Some(order) = orders.recv() => order,
        () = capture_is_down(&wire, &mut is_down) => Order::Reset,
    };
    obey(order, connection.into_parts().io.into_inner()).await;
}

/// Ends when the server is down and the connection is not the JSON API's.
async fn capture_is_down(wire: &Wire, is_down: &mut watch::Receiver<bool>) {
    while is_down.wait_for(|is_down| *is_down).await.is_ok() {
        if !wire.is_for_api() {
            return;
        }
        if is_down.wait_for(|is_down| !is_down).await.is_err() {
            break;
        }
    }
    // The server is about to end, and this with it.
    std::future::pending::<()>().await;
}

async fn obey(order: Order, mut stream: impl Socket) {
    match order {
        // Closing then sends a reset. If the system refuses, the client sees the end all the same.
        Order::Reset => drop(stream.reset_on_close()),
        Order::Send(answer) => drop(answer.write(&mut stream).await),
    }
}
