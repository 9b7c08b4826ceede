//! The service's runtime ends before the sink.

use crate::figures::Figures;
use crate::harness::fixture::{LONG, inspector, runtime, settled, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 38,
    fault: "the runtime is shut down before the sink",
    must: "the sink delivers all the same",
    proof: Proof::Inline(orphaned),
};

const EVENTS: u64 = 20;

fn orphaned(tier: Tier) -> Outcome {
    let (runs, mut lost) = (tier.pick(5, 100), 0);
    for run in 0..runs {
        let inspector = inspector()?;
        let runtime = runtime(run % 2 == 0)?;
        let analytics = runtime.block_on(async {
            let analytics = sink(&inspector.url())?;
            track(&analytics, 0..EVENTS / 2);
            Ok::<_, Unmet>(analytics)
        })?;
        runtime.shutdown_background();
        track(&analytics, EVENTS / 2..EVENTS);
        let ledger = analytics.shutdown_blocking(LONG);
        settled(&ledger, EVENTS)?;
        lost += ledger.captured().abs_diff(inspector.totals().unique_events);
    }
    Figures::of("runs", runs).and("events of each", EVENTS).and_none("lost", lost)
}
