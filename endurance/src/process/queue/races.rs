//! Flush, track and shutdown at the same time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use analytics_core::Analytics;

use crate::process::scene::{LONG, OrFail, equal, inspector, settled, sink, track};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 39,
    fault: "flush races track races shutdown, on eight threads",
    must: "what was captured before a flush began is settled when it ends",
    proof: Proof::Here(races),
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
    is_over: AtomicBool,
}

fn races(tier: Tier) -> Outcome {
    let rounds = tier.pick(10, 1_000);
    let (mut events, mut flushes) = (0, 0);
    for _ in 0..rounds {
        let counts = round()?;
        events += counts.ended.into_inner();
        flushes += counts.flushes.into_inner();
    }
    let figures = Figures::of("rounds", rounds).and("events", events).and("flushes", flushes);
    Ok(figures.and("violations", 0))
}

/// Eight threads track and flush, one flushes and then shuts down.
fn round() -> Result<Counts, Unmet> {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    let counts = Counts::default();
    thread::scope(|scope| {
        let producers: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| produce(&analytics, &counts))).collect();
        let flushed = flush_and_shut_down(&analytics, &counts);
        counts.is_over.store(true, Ordering::SeqCst);
        producers.into_iter().try_for_each(|producer| producer.join().ok().or_fail("a producer panicked")?)?;
        flushed
    })?;
    let (tracked, ledger) = (counts.ended.load(Ordering::SeqCst), analytics.ledger());
    settled(&ledger, tracked)?;
    equal("arrived", &inspector.totals().unique_events, &ledger.delivered())?;
    Ok(counts)
}

/// Tracks, and flushes now and then.
fn produce(analytics: &Analytics, counts: &Counts) -> Result<(), Unmet> {
    for n in 0..EVENTS {
        track(analytics, n..n + 1);
        counts.ended.fetch_add(1, Ordering::SeqCst);
        if n % 100 == 0 {
            flush(analytics, counts)?;
        }
        if counts.is_over.load(Ordering::SeqCst) {
            break;
        }
    }
    Ok(())
}

/// Whoever flushes: all whose `track` had returned before are settled.
fn flush(analytics: &Analytics, counts: &Counts) -> Result<(), Unmet> {
    let before = counts.ended.load(Ordering::SeqCst);
    let ledger = analytics.flush_blocking(LONG);
    counts.flushes.fetch_add(1, Ordering::SeqCst);
    let settled = ledger.delivered() + ledger.dropped_total();
    ensure(settled >= before, || format!("{before} were captured before a flush, and after it: {ledger}"))
}

fn flush_and_shut_down(analytics: &Analytics, counts: &Counts) -> Result<(), Unmet> {
    (0..FLUSHES).try_for_each(|_| flush(analytics, counts))?;
    let before = counts.ended.load(Ordering::SeqCst);
    let ledger = analytics.shutdown_blocking(LONG);
    let settled = ledger.delivered() + ledger.dropped_total();
    ensure(settled >= before && ledger.is_settled(), || format!("{before} before a shutdown, after it: {ledger}"))
}
