//! Flush, track and shutdown at the same time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use analytics_core::{Analytics, Ledger};

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, equal, inspector, settled, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 39,
    fault: "flush races track races shutdown, on eight threads",
    must: "what was captured before a flush began is settled when it ends",
    proof: Proof::Inline(races),
};

pub(super) const ORDERS: Row = Row {
    number: 39,
    fault: "flush races track races shutdown, in every order of the queue's steps",
    must: "what was captured before a flush began is settled when it ends",
    proof: Proof::Ordered { package: "analytics-delivery" },
};

const THREADS: usize = 8;
const EVENTS: u64 = 1_000;
const FLUSHES: usize = 5;

#[derive(Default)]
struct Counts {
    /// Calls that returned.
    ended: AtomicU64,
    flushes: AtomicU64,
    /// Flushes and shutdowns that left something of what was captured before them.
    violations: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

fn races(tier: Tier) -> Outcome {
    let rounds = tier.pick(10, 1_000);
    let (mut events, mut flushes, mut violations) = (0, 0, Vec::new());
    for _ in 0..rounds {
        let counts = round()?;
        events += counts.ended.into_inner();
        flushes += counts.flushes.into_inner();
        violations.extend(counts.violations.into_inner().unwrap_or_else(PoisonError::into_inner));
    }
    let figures = Figures::of("rounds", rounds).and("events", events).and("flushes", flushes);
    figures.and_none_of("violations", &violations)
}

/// Eight threads track and flush, one flushes and then shuts down.
fn round() -> Result<Counts, Unmet> {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    let counts = Counts::default();
    thread::scope(|scope| {
        let producers: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| produce(&analytics, &counts))).collect();
        (0..FLUSHES).for_each(|_| flush(&analytics, &counts));
        counts.check("a shutdown", || analytics.shutdown_blocking(LONG));
        counts.is_over.store(true, Ordering::SeqCst);
        producers.into_iter().try_for_each(|producer| producer.join().ok().or_fail("a producer panicked"))
    })?;
    let (tracked, ledger) = (counts.ended.load(Ordering::SeqCst), analytics.ledger());
    settled(&ledger, tracked)?;
    equal("arrived", &inspector.totals().unique_events, &ledger.delivered())?;
    Ok(counts)
}

/// Tracks, and flushes now and then.
fn produce(analytics: &Analytics, counts: &Counts) {
    for n in 0..EVENTS {
        track(analytics, n..n + 1);
        counts.ended.fetch_add(1, Ordering::SeqCst);
        if n % 100 == 0 {
            flush(analytics, counts);
        }
        if counts.is_over.load(Ordering::SeqCst) {
            break;
        }
    }
}

fn flush(analytics: &Analytics, counts: &Counts) {
    counts.check("a flush", || analytics.flush_blocking(LONG));
    counts.flushes.fetch_add(1, Ordering::SeqCst);
}

impl Counts {
    /// Whoever flushes or shuts down: all whose `track` had returned before are settled.
    fn check(&self, what: &str, settle: impl FnOnce() -> Ledger) {
        let before = self.ended.load(Ordering::SeqCst);
        let ledger = settle();
        if ledger.delivered() + ledger.dropped_total() < before {
            let why = format!("{before} were captured before {what}, and after it: {ledger}");
            self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(why);
        }
    }
}
