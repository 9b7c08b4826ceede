//! A queue that is full.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use analytics_core::{Actor, DropReason, EventId};
use analytics_inspector::Fault;
use analytics_posthog::{Observers, Overflow};

use crate::figures::{Figures, time};
use crate::harness::fixture::{LONG, Numbered, TOLERANCE, config, count, equal, inspector, settled, spawn};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 30,
    fault: "queue full",
    must: "the newest or the oldest are dropped, by the policy, and counted; nothing blocks",
    proof: Proof::Inline(full),
};

const CAPACITY: u64 = 100;
/// The last twentieth is for critical events.
const ROOM: u64 = 95;
const TRACKED: u64 = 10 * CAPACITY;

/// What became of a queue that was filled.
#[derive(Clone, Copy, Debug)]
struct Filled {
    kept: u64,
    dropped: u64,
    /// The longest call.
    longest: Duration,
}

fn full(_tier: Tier) -> Outcome {
    let newest = fill(Overflow::DropNewest, 0..ROOM)?;
    // The first one is on its way, and its place is taken.
    let oldest = fill(Overflow::DropOldest, TRACKED - ROOM + 1..TRACKED)?;
    let figures = Figures::of("tracked by each policy", TRACKED);
    let figures = figures.and("kept of the first", newest.kept).and("dropped and counted", newest.dropped);
    let figures = figures.and("kept of the last", oldest.kept).and("dropped and counted", oldest.dropped);
    Ok(figures.and("longest call", time(newest.longest.max(oldest.longest))))
}

/// Fills a queue ten times over, with its first event on its way to a server that never answers. What is dropped is
/// told, and what is not was kept.
fn fill(policy: Overflow, kept: Range<u64>) -> Result<Filled, Unmet> {
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().always());
    let mut config = config(&inspector.url())?;
    config.delivery.overflow = policy;
    config.delivery.queue_events = count(100);
    (config.delivery.flush_at, config.delivery.batch_events, config.delivery.in_flight) =
        (count(1), count(1), count(1));
    config.delivery.request_timeout = LONG;
    let dropped: Arc<Mutex<HashSet<EventId>>> = Arc::default();
    let told = Arc::clone(&dropped);
    config.observers = Observers::new().on_drop(move |event| {
        if event.reason() == DropReason::QueueFull {
            told.lock().unwrap_or_else(PoisonError::into_inner).extend(event.id());
        }
    });
    let analytics = spawn(config)?;
    let (mut longest, mut ids) = (Duration::ZERO, Vec::new());
    for n in 0..TRACKED {
        let begun = Instant::now();
        ids.push(analytics.event(Actor::user(n + 1), Numbered { n }).track());
        longest = longest.max(begun.elapsed());
        ensure(n > 0 || inspector.wait_for_requests(1, LONG), || "the first event was not sent".to_owned())?;
    }
    let ledger = analytics.ledger();
    let (kept_events, dropped_events) = (ledger.pending(), ledger.dropped(DropReason::QueueFull));
    equal("pending", &ledger.pending(), &ROOM)?;
    equal("dropped", &ledger.dropped(DropReason::QueueFull), &(TRACKED - ROOM))?;
    analytics.shutdown_blocking(Duration::ZERO);
    // What a flush counts was told before it returns, if it has the time.
    let ledger = analytics.flush_blocking(LONG);
    settled(&ledger, TRACKED)?;
    equal("abandoned", &ledger.dropped(DropReason::Abandoned), &ROOM)?;
    let dropped = dropped.lock().unwrap_or_else(PoisonError::into_inner);
    let left: Vec<_> = (0..).zip(&ids).filter(|(_, id)| !dropped.contains(id)).map(|(n, _)| n).collect();
    let expected: BTreeSet<u64> = kept.chain([0]).collect();
    equal("the events that were kept", &left, &expected.into_iter().collect())?;
    ensure(longest < TOLERANCE, || format!("a call took {longest:?}"))?;
    Ok(Filled { kept: kept_events, dropped: dropped_events, longest })
}
