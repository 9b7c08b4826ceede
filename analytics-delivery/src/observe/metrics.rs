//! The ledger and the batches as metrics.

use analytics_core::DropReason;
use metrics::{counter, gauge, histogram};

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
    let Measure { destination, ledger, pending_bytes, .. } = measure;
    let labels = [("destination", destination.to_string())];
    counter!("analytics_events_captured", &labels).absolute(ledger.captured());
    counter!("analytics_events_delivered", &labels).absolute(ledger.delivered());
    counter!("analytics_requests", &labels).absolute(ledger.traffic().requests);
    counter!("analytics_body_bytes", &labels).absolute(ledger.traffic().body_bytes);
    counter!("analytics_suspect_answers", &labels).absolute(ledger.traffic().suspect);
    // A series that begins with its first loss would show no increase.
    for reason in DropReason::ALL.iter().filter(|reason| !reason.is_intended() || ledger.dropped(**reason) > 0) {
        let labels = [("destination", destination.to_string()), ("reason", reason.as_str().to_owned())];
        counter!("analytics_events_dropped", &labels).absolute(ledger.dropped(*reason));
    }
    gauge!("analytics_events_pending", &labels).set(ledger.pending() as f64);
    gauge!("analytics_pending_bytes", &labels).set(*pending_bytes as f64);
}
