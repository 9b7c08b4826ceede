//! The service's runtime ends before the sink.

use crate::process::scene::{LONG, equal, inspector, runtime, settled, sink, track};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet};

pub(super) const ROW: Row = Row {
    number: 38,
    fault: "the runtime is shut down before the sink",
    must: "the sink delivers all the same",
    proof: Proof::Here(orphaned),
};

fn orphaned(tier: Tier) -> Outcome {
    let runs = tier.pick(5, 100);
    for run in 0..runs {
        let inspector = inspector()?;
        let runtime = runtime(run % 2 == 0)?;
        let analytics = runtime.block_on(async {
            let analytics = sink(&inspector.url())?;
            track(&analytics, 0..10);
            Ok::<_, Unmet>(analytics)
        })?;
        runtime.shutdown_background();
        track(&analytics, 10..20);
        let ledger = analytics.shutdown_blocking(LONG);
        settled(&ledger, 20)?;
        equal("arrived", &inspector.totals().unique_events, &20)?;
    }
    Ok(Figures::of("runs", runs).and("lost", 0))
}
