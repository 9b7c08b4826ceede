//! A queue that is full.

use std::time::{Duration, Instant};

use analytics_core::DropReason;
use analytics_inspector::Fault;
use analytics_posthog::Overflow;

use crate::process::measure::millis;
use crate::process::scene::{LONG, TOLERANCE, config, count, equal, inspector, numbers, settled, spawn, track};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 30,
    fault: "queue full",
    must: "the newest or the oldest are dropped, by the policy, and counted; nothing blocks",
    proof: Proof::Here(full),
};

const CAPACITY: u64 = 100;
/// The last twentieth is for critical events.
const ROOM: u64 = 95;
const TRACKED: u64 = 10 * CAPACITY;

fn full(_tier: Tier) -> Outcome {
    let newest = fill(Overflow::DropNewest, 0..ROOM)?;
    let oldest = fill(Overflow::DropOldest, TRACKED - ROOM..TRACKED)?;
    let figures = Figures::of("tracked", TRACKED).and("kept", ROOM).and("dropped and counted", TRACKED - ROOM);
    Ok(figures.and("longest call", millis(newest.max(oldest))))
}

/// Fills a queue ten times over, once before a server that never answers, and once before one whose answer shows
/// which events were kept. Returns how long the longest call took.
fn fill(policy: Overflow, kept: std::ops::Range<u64>) -> Result<Duration, Unmet> {
    let mut longest = Duration::ZERO;
    for stalls in [true, false] {
        let inspector = inspector()?;
        let mut config = config(&inspector.url())?;
        config.delivery.overflow = policy;
        config.delivery.queue_events = count(100);
        // Without the stall nothing leaves before the shutdown.
        config.delivery.flush_at = count(if stalls { 1 } else { 1_000 });
        config.delivery.flush_interval = LONG;
        if stalls {
            inspector.inject(Fault::never_answer().always());
        }
        let analytics = spawn(config)?;
        for n in 0..TRACKED {
            let begun = Instant::now();
            track(&analytics, n..n + 1);
            longest = longest.max(begun.elapsed());
        }
        let ledger = analytics.ledger();
        equal("pending", &ledger.pending(), &ROOM)?;
        equal("dropped", &ledger.dropped(DropReason::QueueFull), &(TRACKED - ROOM))?;
        let ledger = analytics.shutdown_blocking(if stalls { Duration::ZERO } else { LONG });
        settled(&ledger, TRACKED)?;
        if stalls {
            equal("abandoned", &ledger.dropped(DropReason::Abandoned), &ROOM)?;
        } else {
            equal("the events that were kept", &numbers(&inspector), &kept.clone().collect())?;
        }
    }
    ensure(longest < TOLERANCE, || format!("a call took {longest:?}"))?;
    Ok(longest)
}
