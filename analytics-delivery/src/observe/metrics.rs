//! Attempts as metrics. What becomes of events is the handle's to tell.

use metrics::{gauge, histogram};

use super::{BatchReport, Observers, SinkSnapshot};

impl Observers {
    /// Records how attempts went with the crate [`metrics`](https://docs.rs/metrics), for whatever recorder the program
    /// installed. All have the label `destination`.
    ///
    /// | metric | kind | |
    /// |---|---|---|
    /// | `analytics_batch_events` | histogram | events of an attempt |
    /// | `analytics_attempt_seconds` | histogram | how long an attempt took |
    /// | `analytics_pending_bytes` | gauge | bytes that are queued or in flight |
    ///
    /// What becomes of events is not in here: a sink does not see all of it. `analytics-metrics` exports the handle's
    /// ledger.
    #[must_use]
    pub fn with_metrics(self) -> Self {
        self.on_batch(record_batch).on_snapshot(record_snapshot)
    }
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
fn record_batch(batch: &BatchReport) {
    let labels = [("destination", batch.destination.to_string())];
    histogram!("analytics_batch_events", &labels).record(batch.events as f64);
    histogram!("analytics_attempt_seconds", &labels).record(batch.duration);
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
fn record_snapshot(snapshot: &SinkSnapshot) {
    let labels = [("destination", snapshot.destination.to_string())];
    gauge!("analytics_pending_bytes", &labels).set(snapshot.pending_bytes as f64);
}
