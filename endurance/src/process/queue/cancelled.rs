//! A shutdown that is cancelled half way.

use std::time::Duration;

use analytics_inspector::Fault;

use crate::process::scene::{LONG, equal, inspector, runtime, settled, sink, track};
use crate::{Figures, Outcome, Proof, Row, Tier, ensure};

pub(super) const ROW: Row = Row {
    number: 36,
    fault: "shutdown cancelled half way",
    must: "a second call finishes, and no event is counted twice",
    proof: Proof::Here(cancelled),
};

const EVENTS: u64 = 10;

fn cancelled(tier: Tier) -> Outcome {
    let runs = tier.pick(20, 500);
    let runtime = runtime(false)?;
    let mut cancelled = 0;
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
        equal("delivered", &ledger.delivered(), &EVENTS)?;
        let totals = inspector.totals();
        equal("arrived, and arrived twice", &(totals.unique_events, totals.duplicate_events), &(EVENTS, 0))?;
    }
    ensure(cancelled > 0, || "no shutdown was cancelled".to_owned())?;
    Ok(Figures::of("runs", runs).and("cancelled", cancelled).and("counted twice", 0).and("lost", 0))
}
