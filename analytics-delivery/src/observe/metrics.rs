//! The ledger and the batches as metrics.

use analytics_core::DropReason;
use metrics::{counter, gauge, histogram};

use super::{BatchReport, Measure};

#[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
pub(super) fn record_batch(batch: &BatchReport, destination: &str) {
    histogram!("analytics_batch_events", "destination" => destination.to_owned()).record(batch.events as f64);
    histogram!("analytics_attempt_seconds", "destination" => destination.to_owned()).record(batch.duration);
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
pub(super) fn record_measure(measure: &Measure, destination: &str) {
    let Measure { ledger, pending_bytes } = measure;
    let count = |name: &'static str, number: u64| {
        counter!(name, "destination" => destination.to_owned()).absolute(number);
    };
    count("analytics_events_captured", ledger.captured());
    count("analytics_events_delivered", ledger.delivered());
    count("analytics_requests", ledger.traffic().requests);
    count("analytics_body_bytes", ledger.traffic().body_bytes);
    for reason in DropReason::ALL.iter().filter(|reason| ledger.dropped(**reason) > 0) {
        let labels = [("destination", destination.to_owned()), ("reason", reason.as_str().to_owned())];
        counter!("analytics_events_dropped", &labels).absolute(ledger.dropped(*reason));
    }
    gauge!("analytics_events_pending", "destination" => destination.to_owned()).set(ledger.pending() as f64);
    gauge!("analytics_pending_bytes", "destination" => destination.to_owned()).set(*pending_bytes as f64);
}
