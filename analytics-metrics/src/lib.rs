//! What becomes of analytics events, as metrics, through the crate [`metrics`](https://docs.rs/metrics) and whatever recorder
//! the program installed.
//!
//! ```
//! use analytics_core::Analytics;
//! use analytics_noop::NoopSink;
//!
//! // The recorder is installed before.
//! let analytics = Analytics::new(NoopSink::new());
//! analytics_metrics::export(&analytics)?;
//! # std::io::Result::Ok(())
//! ```
//!
//! It is the handle's [ledger](Analytics::ledger), whatever the sink: with what the handle itself refuses and what wrappers
//! hold back, and with what happens after the close. `analytics-config` does this for every handle it builds, with its
//! feature `metrics`.
//!
//! | metric | kind | |
//! |---|---|---|
//! | `analytics_events_captured_total` | counter | events that were tracked |
//! | `analytics_events_delivered_total` | counter | events that arrived |
//! | `analytics_events_dropped_total` | counter | by `reason`, [`DropReason::as_str`] |
//! | `analytics_properties_dropped_total` | counter | properties that were left out of events that were kept |
//! | `analytics_requests_total`, `analytics_body_bytes_total` | counter | what was sent |
//! | `analytics_suspect_answers_total` | counter | successes that may not be the server's own |
//! | `analytics_events_pending` | gauge | events that are queued or in flight |
//!
//! Counters are told every five seconds, before each flush and shutdown returns, and when the last clone of the handle is
//! dropped. Every reason for a loss is there from the start, at zero. The counters of several handles add up; the gauge is
//! that of the handle that told it last.

use std::io;
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::Duration;

use analytics_core::process::lock_in_process;
use analytics_core::{Analytics, DropReason, Ledger};
use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

/// How often counters are told, unless something happens.
const INTERVAL: Duration = Duration::from_secs(5);

/// Exports the handle's ledger from now on, every five seconds.
///
/// # Errors
/// If no thread can be started for it. Flushes, shutdowns and the end of the handle are exported all the same.
pub fn export(analytics: &Analytics) -> io::Result<()> {
    export_every(analytics, INTERVAL)
}

/// The same at another interval.
///
/// # Errors
/// As [`export`].
pub fn export_every(analytics: &Analytics, interval: Duration) -> io::Result<()> {
    describe();
    let exported = Exported { process: std::process::id(), last: Mutex::default() };
    analytics.watch(interval, move |ledger| exported.catch_up_with(ledger))
}

/// What was exported of a ledger so far.
struct Exported {
    process: u32,
    last: Mutex<Counts>,
}

/// The counters of a ledger.
#[derive(Debug, Default)]
struct Counts {
    captured: u64,
    delivered: u64,
    dropped: [u64; DropReason::ALL.len()],
    properties_dropped: u64,
    requests: u64,
    body_bytes: u64,
    suspect: u64,
}

impl Exported {
    /// Adds to each counter what was counted since the last time.
    fn catch_up_with(&self, ledger: &Ledger) {
        let try_lock = || match self.last.try_lock() {
            Ok(last) => Some(last),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        // In a forked child the parent's numbers are not told twice, and its lock may be held for ever.
        let lock = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut last) = lock_in_process(self.process, try_lock, lock) else { return };
        let traffic = ledger.traffic();
        counter!("analytics_events_captured_total").increment(since(&mut last.captured, ledger.captured()));
        counter!("analytics_events_delivered_total").increment(since(&mut last.delivered, ledger.delivered()));
        let properties = ledger.properties_dropped();
        counter!("analytics_properties_dropped_total").increment(since(&mut last.properties_dropped, properties));
        counter!("analytics_requests_total").increment(since(&mut last.requests, traffic.requests));
        counter!("analytics_body_bytes_total").increment(since(&mut last.body_bytes, traffic.body_bytes));
        counter!("analytics_suspect_answers_total").increment(since(&mut last.suspect, traffic.suspect));
        for (reason, last) in DropReason::ALL.iter().zip(&mut last.dropped) {
            let dropped = ledger.dropped(*reason);
            // A series that begins with its first loss would show no increase.
            if !reason.is_intended() || dropped > 0 {
                let counter = counter!("analytics_events_dropped_total", "reason" => reason.as_str());
                counter.increment(since(last, dropped));
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
        gauge!("analytics_events_pending").set(ledger.pending() as f64);
    }
}

/// By how much a count grew; a ledger that was read before another one, and comes after it, brings nothing.
fn since(last: &mut u64, now: u64) -> u64 {
    let more = now.saturating_sub(*last);
    *last += more;
    more
}

fn describe() {
    describe_counter!("analytics_events_captured_total", Unit::Count, "Events that were tracked");
    describe_counter!("analytics_events_delivered_total", Unit::Count, "Events that arrived");
    describe_counter!("analytics_events_dropped_total", Unit::Count, "Events that were dropped, by reason");
    describe_counter!("analytics_properties_dropped_total", Unit::Count, "Properties that were left out of events");
    describe_counter!("analytics_requests_total", Unit::Count, "Requests, those that failed included");
    describe_counter!("analytics_body_bytes_total", Unit::Bytes, "Bytes of the requests' bodies on the wire");
    describe_counter!("analytics_suspect_answers_total", Unit::Count, "Successes that may not be the server's own");
    describe_gauge!("analytics_events_pending", Unit::Count, "Events that are queued or in flight");
}
