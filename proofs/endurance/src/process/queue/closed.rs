//! Events after a shutdown.

use analytics_core::{Actor, DropReason, Settlement, block_on};

use crate::figures::Figures;
use crate::harness::fixture::{LONG, Numbered, equal, inspector, settled, sink};
use crate::row::{Outcome, Proof, Row, Tier};

pub(super) const ROW: Row = Row {
    number: 32,
    fault: "`track` after a shutdown",
    must: "the event is dropped as closed, and counted",
    proof: Proof::Inline(closed),
};

fn closed(tier: Tier) -> Outcome {
    let calls = tier.pick(1_000, 100_000);
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    analytics.shutdown_blocking(LONG);
    for n in 0..calls {
        let settlement = block_on(analytics.send(Actor::user("u1"), Numbered { n }));
        equal("the answer", &settlement, &Settlement::Dropped(DropReason::Closed))?;
    }
    let ledger = analytics.ledger();
    settled(&ledger, calls)?;
    equal("counted", &ledger.dropped(DropReason::Closed), &calls)?;
    equal("requests", &inspector.totals().requests, &0)?;
    Ok(Figures::of("calls", calls).and("counted", ledger.dropped(DropReason::Closed)))
}
