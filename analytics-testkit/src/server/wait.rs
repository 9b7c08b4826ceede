//! Waiting for events to arrive.

use std::future::{Future, poll_fn};
use std::panic::Location;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use analytics_core::timeout;
use analytics_inspector::Inspector;

use super::{CaptureServer, report};
use crate::assertion::fail;

impl CaptureServer {
    /// Blocks until at least `events` different events have arrived, of any kind; repeats do not count.
    ///
    /// # Panics
    /// If they have not arrived within 30 seconds, or what [`with_patience`](Self::with_patience) says.
    #[track_caller]
    pub fn wait_for(&self, events: usize) {
        if !self.inspector.wait_for(number(events), self.patience) {
            fail(&too_late(&self.inspector, events, self.patience));
        }
    }

    /// As [`wait_for`](Self::wait_for), without blocking the thread. Needs no runtime.
    ///
    /// # Panics
    /// The future panics if they have not arrived in time. The message begins with the file and line of this call.
    #[track_caller]
    pub fn wait_for_async(&self, events: usize) -> impl Future<Output = ()> + Send + 'static {
        let (inspector, arrivals) = (Arc::clone(&self.inspector), Arc::clone(&self.arrivals));
        let (patience, caller) = (self.patience, Location::caller());
        async move {
            let waiting = poll_fn(|context| {
                // Registered before it looks, so that no arrival can come between.
                arrivals.register(context.waker());
                if inspector.totals().unique_events >= number(events) { Poll::Ready(()) } else { Poll::Pending }
            });
            if timeout(patience, waiting).await.is_none() {
                fail(&format!("{caller}: {}", too_late(&inspector, events, patience)));
            }
        }
    }
}

fn number(events: usize) -> u64 {
    u64::try_from(events).unwrap_or(u64::MAX)
}

/// Events that nobody has sent yet are the likeliest to be missed.
const WHEN_SENT: &str = "a sink sends at its flush interval (5 s unless it is set), as soon as 100 events wait, and when it \
                         is flushed or shut down: was it, before this waited?";

fn too_late(inspector: &Inspector, events: usize, patience: Duration) -> String {
    let came = inspector.totals().unique_events;
    let noun = if events == 1 { "event" } else { "events" };
    format!("waited for {events} {noun}\nbut {came} arrived within {patience:?}{}\n{WHEN_SENT}", report::all(inspector))
}
