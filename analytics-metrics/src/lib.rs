//! What becomes of analytics events, as metrics, through the crate [`metrics`](https://docs.rs/metrics) and whatever
//! recorder the program installed.
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
//! It is the handle's [ledger](Analytics::ledger), whatever the sink: with what the handle itself refuses and what
//! wrappers hold back, and with what happens after the close. `product-analytics` does this for every handle it builds,
//! with its feature `metrics`.
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
//! Counters are told every five seconds, before each flush and shutdown returns, and when the last clone of the handle
//! is dropped. Every reason for a loss is there from the start, at zero. The counters of several handles add up; the
//! gauge is that of the handle that told it last.

#![cfg_attr(docsrs, feature(doc_cfg))]

use std::io;
use std::time::Duration;

use analytics_core::process::ProcessMutex;
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
    let exported = Exported::default();
    analytics.watch(interval, move |ledger| exported.catch_up_with(ledger))
}

/// A count of a ledger that has a metric of its own.
struct Counter {
    name: &'static str,
    unit: Unit,
    description: &'static str,
    of: fn(&Ledger) -> u64,
}

const COUNTERS: [Counter; 6] = [
    Counter {
        name: "analytics_events_captured_total",
        unit: Unit::Count,
        description: "Events that were tracked",
        of: Ledger::captured,
    },
    Counter {
        name: "analytics_events_delivered_total",
        unit: Unit::Count,
        description: "Events that arrived",
        of: Ledger::delivered,
    },
    Counter {
        name: "analytics_properties_dropped_total",
        unit: Unit::Count,
        description: "Properties that were left out of events",
        of: Ledger::properties_dropped,
    },
    Counter {
        name: "analytics_requests_total",
        unit: Unit::Count,
        description: "Requests, those that failed included",
        of: |ledger| ledger.traffic().requests,
    },
    Counter {
        name: "analytics_body_bytes_total",
        unit: Unit::Bytes,
        description: "Bytes of the requests' bodies on the wire",
        of: |ledger| ledger.traffic().body_bytes,
    },
    Counter {
        name: "analytics_suspect_answers_total",
        unit: Unit::Count,
        description: "Successes that may not be the server's own",
        of: |ledger| ledger.traffic().suspect,
    },
];

/// By reason.
const DROPPED: &str = "analytics_events_dropped_total";
const PENDING: &str = "analytics_events_pending";

/// What was exported of a ledger so far. A forked child in which the lock is held for ever exports nothing.
#[derive(Debug, Default)]
struct Exported(ProcessMutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    counters: [u64; COUNTERS.len()],
    dropped: [u64; DropReason::ALL.len()],
}

impl Exported {
    /// Adds to each counter what was counted since the last time.
    fn catch_up_with(&self, ledger: &Ledger) {
        let Some(mut last) = self.0.lock() else { return };
        for (counter, last) in COUNTERS.iter().zip(&mut last.counters) {
            counter!(counter.name).increment(since(last, (counter.of)(ledger)));
        }
        for (reason, last) in DropReason::ALL.iter().zip(&mut last.dropped) {
            let dropped = ledger.dropped(*reason);
            // A series that begins with its first loss would show no increase.
            if !reason.is_intended() || dropped > 0 {
                counter!(DROPPED, "reason" => reason.as_str()).increment(since(last, dropped));
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "metrics are floating point")]
        gauge!(PENDING).set(ledger.pending() as f64);
    }
}

/// By how much a count grew; a ledger that was read before another one, and comes after it, brings nothing.
fn since(last: &mut u64, now: u64) -> u64 {
    let more = now.saturating_sub(*last);
    *last += more;
    more
}

fn describe() {
    for Counter { name, unit, description, .. } in COUNTERS {
        describe_counter!(name, unit, description);
    }
    describe_counter!(DROPPED, Unit::Count, "Events that were dropped, by reason");
    describe_gauge!(PENDING, Unit::Count, "Events that are queued or in flight");
}
