//! Two sinks in one process.

use std::time::Duration;

use analytics_core::DropReason;
use analytics_inspector::Fault;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, equal, inspector, settled, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};

pub(super) const ROW: Row = Row {
    number: 47,
    fault: "two sinks in one process, one stalled and shut down",
    must: "they know nothing of each other",
    proof: Proof::Inline(two),
};

fn two(_tier: Tier) -> Outcome {
    let (stalled, good) = (inspector()?, inspector()?);
    stalled.inject(Fault::never_answer().always());
    let (one, other) = (sink(&stalled.url())?, sink(&good.url())?);
    track(&one, 0..200);
    track(&other, 0..200);
    equal("of the other, while one stalls", &other.flush_blocking(LONG).delivered(), &200)?;
    let ledger = one.shutdown_blocking(Duration::from_millis(100));
    settled(&ledger, 200)?;
    equal("of the one", &ledger.dropped(DropReason::Abandoned), &200)?;
    track(&other, 200..400);
    let ledger = other.shutdown_blocking(LONG);
    settled(&ledger, 400)?;
    let arrived = good.totals().unique_events;
    Figures::of("delivered by the other", arrived).and_none("lost by it", ledger.captured().abs_diff(arrived))
}
