//! Attempts as metrics. What becomes of events is the handle's to tell.

use metrics::{gauge, histogram};

use super::{BatchReport, Measure, Observers};

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
        self.on_batch(record_batch).on_measure(record_measure)
    }
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
fn record_batch(batch: &BatchReport) {
    let labels = [("destination", batch.destination.to_string())];
    histogram!("analytics_batch_events", &labels).record(batch.events as f64);
    histogram!("analytics_attempt_seconds", &labels).record(batch.duration);
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
fn record_measure(measure: &Measure) {
    let labels = [("destination", measure.destination.to_string())];
    gauge!("analytics_pending_bytes", &labels).set(measure.pending_bytes as f64);
}
