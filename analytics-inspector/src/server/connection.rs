//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::connections::{Registration, Stage};
use super::monitored::Monitored;
use super::progress::{Overdue, Progress};
use super::socket::Socket;
use crate::access::Peer;
use crate::attached::attach;
use crate::limits::Limits;
use crate::shared::Shared;
use crate::wire::{Order, Wire};

/// The most bytes that the head of a request may have. More is answered 431.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The most bytes that are read of a connection before they are used.
const MAX_BUFFER_BYTES: usize = 128 * 1024;

/// How often it is looked whether a connection is overdue, as long as nobody waits for it.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// However short a limit is, looking takes time as well.
const SHORTEST_LOOK: Duration = Duration::from_millis(10);

/// What all connections of a server have in common.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) shared: Arc<Shared>,
    pub(super) routes: Router,
    pub(super) is_down: watch::Receiver<bool>,
}

impl Service {
    /// Serves one connection to its end.
    pub(super) async fn serve(self, stream: TcpStream, peer: Peer, registration: Registration) {
        if stream.set_nodelay(true).is_err() {
            return;
        }
        #[cfg(feature = "tls")]
        if let Some(identity) = &self.shared.identity {
            let agreed = tokio::select! {
                agreed = tokio::time::timeout(self.shared.limits.head, identity.acceptor.accept(stream)) => agreed,
                () = registration.evicted() => return,
            };
            match agreed {
                Ok(Ok(stream)) => self.serve_http(stream, peer, registration).await,
                Ok(Err(_)) | Err(_) => self.shared.note_failed_handshake(),
            }
            return;
        }
        self.serve_http(stream, peer, registration).await;
    }

    /// Serves one connection to its end. How it ended is the client's business.
    ///
    /// When the server is down it is reset, unless it is one of the JSON API's.
    async fn serve_http(self, stream: impl Socket, peer: Peer, registration: Registration) {
        let Self { shared, routes, mut is_down } = self;
        let (wire, mut orders) = Wire::new();
        let (progress, registration) = (Arc::new(Progress::new(Instant::now())), Arc::new(registration));
        let routes = TowerToHyperService::new(routes);
        let service = service_fn(|request: Request<Incoming>| {
            wire.note_path(request.uri().path());
            let (request, ended) = begin(request, &progress, &registration);
            let (mut parts, body) = request.into_parts();
            parts.extensions.insert(wire.clone());
            parts.extensions.insert(peer);
            let answer = routes.call(Request::from_parts(parts, body));
            async move { Ok::<_, Infallible>(answer.await?.map(|body| attach(body, ended))) }
        });
        let io = TokioIo::new(Monitored::new(stream, Arc::clone(&progress)));
        let mut builder = http1::Builder::new();
        builder.max_header_size(MAX_HEAD_BYTES).max_buf_size(MAX_BUFFER_BYTES);
        let mut connection = builder.serve_connection(io, service);
        let order = tokio::select! {
            // How it ended is the client's business.
            _ = &mut connection => return,
            Some(order) = orders.recv() => order,
            () = capture_is_down(&wire, &mut is_down) => Order::Reset,
            () = registration.evicted() => return,
            overdue = overdue(&progress, &shared.limits) => return note(&shared, &wire, overdue),
        };
        let stream = connection.into_parts().io.into_inner();
        tokio::select! {
            () = execute(order, stream) => {}
            _ = overdue(&progress, &shared.limits) => {}
        }
    }
}

/// Notes that a request has begun. What is returned besides is to be dropped when its answer is made.
fn begin(
    request: Request<Incoming>,
    progress: &Arc<Progress>,
    registration: &Arc<Registration>,
) -> (Request<Body>, impl Send + Unpin + 'static + use<>) {
    progress.begin_request();
    registration.note(if request.body().is_end_stream() { Stage::Answering } else { Stage::Receiving });
    let received = OnDrop(Some({
        let registration = Arc::clone(registration);
        move || registration.note(Stage::Answering)
    }));
    let ended = OnDrop(Some({
        let (registration, progress) = (Arc::clone(registration), Arc::clone(progress));
        move || {
            registration.note(Stage::Waiting);
            progress.end_request(Instant::now());
        }
    }));
    (request.map(|body| attach(Body::new(body), received)), ended)
}

/// Does something when it is dropped.
struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(act) = self.0.take() {
            act();
        }
    }
}

/// Ends when a connection is overdue.
async fn overdue(progress: &Progress, limits: &Limits) -> Overdue {
    // What a client is late with may begin after the look; it is noticed within twice its time.
    let look_every = LOOK_EVERY.min(limits.stall).max(SHORTEST_LOOK);
    loop {
        let now = Instant::now();
        let next_look = match progress.deadline(limits) {
            Some((deadline, overdue)) if deadline <= now => return overdue,
            Some((deadline, _)) => deadline.min(now + look_every),
            None => now + look_every,
        };
        tokio::time::sleep_until(next_look.into()).await;
    }
}

/// A stream whose reader reads nothing is dropped, which its reader may not even see.
fn note(shared: &Shared, wire: &Wire, overdue: Overdue) {
    if overdue == Overdue::Reading && wire.is_for_api() {
        shared.store.note_dropped_reader();
    }
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

async fn execute(order: Order, mut stream: impl Socket) {
    match order {
        // Closing then sends a reset. If the system refuses, the client sees the end all the same.
        Order::Reset => drop(stream.reset_on_close()),
        Order::Send(answer) => drop(answer.write(&mut stream).await),
    }
}
