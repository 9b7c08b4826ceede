//! The accept loop. It owns the sockets, below HTTP.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// The pause after a failed accept, so that running out of file descriptors is no busy loop.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(20);

/// Serves connections until the other side of `stopping` is dropped, then closes the listener.
pub(super) async fn until_stopped(listener: TcpListener, routes: Router, stopping: oneshot::Receiver<()>) {
    tokio::select! {
        _ = stopping => {}
        () = accept(listener, routes) => {}
    }
}

async fn accept(listener: TcpListener, routes: Router) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, routes.clone()));
            }
            Err(_) => tokio::time::sleep(PAUSE_AFTER_FAILURE).await,
        }
    }
}

/// Serves one connection to its end. How it ended is the client's business.
async fn serve(stream: TcpStream, routes: Router) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes)).await);
}
