//! Serving until told to stop, and not much longer.

use std::io;
use std::pin::pin;
use std::time::{Duration, Instant};

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// What is left of the time to end in, from the moment at which that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Grace {
    since: Instant,
    grace: Duration,
}

impl Grace {
    fn begin(grace: Duration) -> Self {
        Self { since: Instant::now(), grace }
    }

    /// What is left.
    #[must_use]
    pub fn left(self) -> Duration {
        self.grace.saturating_sub(self.since.elapsed())
    }
}

/// Serves until `stop`; then open connections have half of `grace` to end, and the caller has what is left.
///
/// axum's graceful shutdown waits for open connections for as long as they take, and a client that reads a stream
/// stays for hours. Without a bound the orchestrator's SIGKILL would come first, and with it the loss of all events
/// that are still queued.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<Grace> {
    let (asked, asking) = oneshot::channel();
    // Small pieces of a stream go out at once, not when the client has acknowledged the one before.
    let listener = listener.tap_io(|connection| connection.set_nodelay(true).unwrap_or_default());
    let service = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.await;
        // An error means that the service has failed, and that is told below.
        asked.send(Grace::begin(grace)).unwrap_or_default();
    });
    let mut service = pin!(service.into_future());

    let grace = tokio::select! {
        ended = &mut service => return ended.map(|()| Grace::begin(grace)),
        Ok(grace) = asking => grace,
    };
    tracing::info!("stopping, within {:?}", grace.grace);
    if let Ok(ended) = timeout(grace.left() / 2, service).await {
        ended?;
    } else {
        tracing::warn!("some connections are still open, they are cut");
    }
    Ok(grace)
}
