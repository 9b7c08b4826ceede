//! A shutdown that is cancelled half way.

use std::time::Duration;

use analytics_inspector::Fault;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, inspector, runtime, settled, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::ensure;

pub(super) const ROW: Row = Row {
    number: 36,
    fault: "shutdown cancelled half way",
    must: "a second call finishes, and no event is counted twice",
    proof: Proof::Inline(cancelled),
};

const EVENTS: u64 = 10;

fn cancelled(tier: Tier) -> Outcome {
    let runs = tier.pick(20, 500);
    let runtime = runtime(false)?;
    let (mut cancelled, mut twice, mut repeats, mut lost) = (0, 0, 0, 0);
    for _ in 0..runs {
        let inspector = inspector()?;
        inspector.inject(Fault::delay(Duration::from_millis(20)).always());
        let analytics = sink(&inspector.url())?;
        track(&analytics, 0..EVENTS);
        let (first, ledger) = runtime.block_on(async {
            let first = tokio::time::timeout(Duration::from_millis(1), analytics.shutdown(LONG)).await;
            (first, analytics.shutdown(LONG).await)
        });
        cancelled += u64::from(first.is_err());
        settled(&ledger, EVENTS)?;
        twice += (ledger.delivered() + ledger.dropped_total()).saturating_sub(EVENTS);
        let totals = inspector.totals();
        repeats += totals.duplicate_events;
        lost += EVENTS.abs_diff(totals.unique_events).max(ledger.lost());
    }
    ensure(cancelled > 0, || "no shutdown was cancelled".to_owned())?;
    let figures = Figures::of("runs", runs).and("cancelled", cancelled).and_none("counted twice", twice)?;
    figures.and_none("arrived twice", repeats)?.and_none("lost", lost)
}
