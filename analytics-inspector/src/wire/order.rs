//! Orders from a handler to the connection that its request came over.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::answer::RawAnswer;

/// What a connection is to do, in place of what HTTP would have it do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Reset, at once.
    Reset,
    /// Send these bytes and no more.
    Send(RawAnswer),
}

/// The handler's end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    orders: mpsc::Sender<Order>,
    is_for_api: Arc<AtomicBool>,
}

impl Wire {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Order>) {
        let (orders, received) = mpsc::channel(1);
        (Self { orders, is_for_api: Arc::default() }, received)
    }

    /// Takes the connection from HTTP. The future never ends; the connection drops it.
    pub(crate) async fn take_over(&self, order: Order) -> Infallible {
        // A second order changes nothing: the connection follows the first.
        self.orders.send(order).await.unwrap_or_default();
        std::future::pending().await
    }

    /// Notes what the latest request was for.
    pub(crate) fn note_path(&self, path: &str) {
        self.is_for_api.store(path.starts_with("/api/"), Ordering::Relaxed);
    }

    /// Whether the connection serves the JSON API, which goes on while the server is "down".
    pub(crate) fn is_for_api(&self) -> bool {
        self.is_for_api.load(Ordering::Relaxed)
    }
}
