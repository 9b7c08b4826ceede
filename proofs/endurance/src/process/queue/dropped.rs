//! The last handle is dropped on a runtime's only thread.

use std::time::{Duration, Instant};

use analytics_inspector::Fault;

use crate::figures::{Figures, over};
use crate::harness::fixture::{TOLERANCE, inspector, runtime, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 34,
    fault: "the last handle is dropped on a current-thread runtime while the server stalls",
    must: "the runtime's thread never blocks",
    proof: Proof::Inline(dropped),
};

const TICK: Duration = Duration::from_millis(5);

fn dropped(tier: Tier) -> Outcome {
    let runs = tier.pick(10, 200);
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().always());
    let runtime = runtime(false)?;
    let mut worst = Duration::ZERO;
    for _ in 0..runs {
        worst = worst.max(runtime.block_on(scenario(&inspector.url()))?);
    }
    // A sink that waited in there would wait for a request, which takes 15 s.
    ensure(worst <= TICK + TOLERANCE, || format!("a tick of {TICK:?} took {worst:?}"))?;
    Ok(Figures::of("runs", runs).and("worst stall", over(worst, TICK)))
}

/// Drops a sink with pending events between the ticks of another task, and returns the longest tick.
async fn scenario(url: &str) -> Result<Duration, Unmet> {
    let analytics = sink(url)?;
    track(&analytics, 0..100);
    let dropping = async {
        tokio::time::sleep(2 * TICK).await;
        drop(analytics);
    };
    let ticking = async {
        let mut worst = Duration::ZERO;
        for _ in 0..10 {
            let begun = Instant::now();
            tokio::time::sleep(TICK).await;
            worst = worst.max(begun.elapsed());
        }
        worst
    };
    Ok(tokio::join!(dropping, ticking).1)
}
