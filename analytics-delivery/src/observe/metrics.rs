//! Attempts as metrics. What becomes of events is the handle's to tell.

use metrics::{gauge, histogram};

use super::{BatchReport, Measure, Observers};

/// Adds the functions that record metrics.
pub(super) fn added_to(observers: Observers) -> Observers {
    observers.on_batch(record_batch).on_measure(record_measure)
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
