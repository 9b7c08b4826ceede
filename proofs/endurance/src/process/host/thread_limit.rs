//! The limit of threads is reached while a service runs.

use std::time::Duration;

use analytics_inspector::Fault;

use crate::figures::{Figures, time};
use crate::harness::fixture::{LONG, equal, inspector, runtime, sink, track};
use crate::harness::{Subprocess, plain_user, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 94,
    fault: "no thread can be started at a flush or a shutdown, nor for the lookup of a name",
    must: "the grace is kept without a helper thread, and what can be delivered is",
    proof: Proof::Inline(limit),
};

pub(super) const SUBPROCESS: Subprocess = ("thread-limit", |arguments| subprocess::finish(in_subprocess(arguments)));

const EVENTS: u64 = 500;
/// Each answer takes so long, so that a flush and a shutdown have to wait.
const DELAY: Duration = Duration::from_millis(100);

fn limit(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    inspector.inject(Fault::delay(DELAY).always());
    let by_name = inspector.url().replace("127.0.0.1", "localhost");
    ensure(by_name != inspector.url(), || format!("{by_name} has no name"))?;
    let (mut figures, mut lost) = (Figures::default(), 0);
    for (how, url) in [("by address", inspector.url()), ("by name", by_name)] {
        for at in ["blocking", "runtime"] {
            inspector.reset();
            let ended = plain_user::run("thread-limit", &[&url, at], LONG)?;
            ensure(!ended.errors.contains("panicked"), || ended.errors.clone())?;
            ended.settled(EVENTS)?;
            let delivered = ended.number("delivered")?;
            lost += EVENTS.abs_diff(delivered).max(EVENTS.abs_diff(inspector.totals().unique_events));
            if at == "blocking" {
                figures = figures.and(how, format!("{delivered} delivered in {}", ended.text("lasted")?));
            }
        }
    }
    figures.and_none("abandoned or lost", lost)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    let runtime = runtime(false)?;
    plain_user::forbid_threads()?;
    track(&analytics, 0..EVENTS / 2);
    let flushed = analytics.flush_blocking(LONG);
    equal("delivered by a flush", &flushed.delivered(), &(EVENTS / 2))?;
    track(&analytics, EVENTS / 2..EVENTS);
    let begun = std::time::Instant::now();
    let ledger = if subprocess::argument(arguments, 1)? == "runtime" {
        runtime.block_on(analytics.shutdown(LONG))
    } else {
        analytics.shutdown_blocking(LONG)
    };
    subprocess::tell("lasted", time(begun.elapsed()));
    subprocess::tell_ledger(&ledger);
    Ok(())
}
