//! A shutdown while the server never answers.

use std::thread;
use std::time::{Duration, Instant};

use analytics_core::DropReason;
use analytics_inspector::Fault;

use crate::figures::{Figures, over, time};
use crate::harness::fixture::{OrFail, TOLERANCE, equal, inspector, settled, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 33,
    fault: "shutdown while the server stalls and 2,000 events wait",
    must: "it returns within its grace, and the rest is counted",
    proof: Proof::Inline(stalled),
};

const EVENTS: u64 = 2_000;

fn stalled(tier: Tier) -> Outcome {
    let (runs, grace) = tier.pick((50, Duration::from_millis(200)), (1_000, Duration::from_secs(1)));
    // Many that end at the same moment wait for the processors: what the sink itself takes, few show.
    let at_once = tier.pick(16, 4);
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().always());
    let url = inspector.url();
    let mut times = Vec::new();
    while times.len() < runs {
        let round = at_once.min(runs - times.len());
        let threads: Vec<_> = (0..round)
            .map(|_| (url.clone(), grace))
            .map(|(url, grace)| thread::spawn(move || shut_down(&url, grace)))
            .collect();
        for thread in threads {
            times.push(thread.join().ok().or_fail("a run panicked")??);
        }
    }
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).or(times.last()).copied().unwrap_or_default();
    let (median, slow, worst) = (at(50), at(99), at(100));
    ensure(worst <= grace + TOLERANCE, || format!("a shutdown with {grace:?} took {worst:?}"))?;
    let figures = Figures::of("runs", runs).and("grace", time(grace));
    let figures = figures.and("over it: p50", over(median, grace)).and("p99", over(slow, grace));
    Ok(figures.and("p100", over(worst, grace)))
}

fn shut_down(url: &str, grace: Duration) -> Result<Duration, Unmet> {
    let analytics = sink(url)?;
    track(&analytics, 0..EVENTS);
    let begun = Instant::now();
    let ledger = analytics.shutdown_blocking(grace);
    let time = begun.elapsed();
    settled(&ledger, EVENTS)?;
    equal("abandoned", &ledger.dropped(DropReason::Abandoned), &EVENTS)?;
    Ok(time)
}
