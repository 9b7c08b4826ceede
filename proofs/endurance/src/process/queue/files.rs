//! No file descriptor is left.

use std::fs::File;
use std::sync::Arc;

use analytics_core::{Analytics, AnalyticsSink as _};
use analytics_posthog::{Health, PostHogError, PostHogSink};

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, attempt, config, equal, inspector, track};
use crate::harness::{Subprocess, subprocess};
use crate::programs::need;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 43,
    fault: "out of file descriptors",
    must: "events are kept, the health says so, and all arrive once there are some again; a start is an error",
    proof: Proof::Inline(no_files),
};

pub(super) const SUBPROCESS: Subprocess = ("fileless", |arguments| subprocess::finish(in_subprocess(arguments)));

const EVENTS: u64 = 10;

fn no_files(_tier: Tier) -> Outcome {
    need(&["prlimit"])?;
    let inspector = inspector()?;
    let command = subprocess::command_under(&["prlimit", "--nofile=64:64"], "fileless", &[&inspector.url()])?;
    let ended = subprocess::run(command, LONG)?.succeeded()?;
    ensure(!ended.errors.contains("panicked"), || ended.errors.clone())?;
    ended.settled(EVENTS)?;
    let lost = EVENTS.abs_diff(ended.number("delivered")?).max(EVENTS.abs_diff(inspector.totals().unique_events));
    let figures = Figures::of("events without descriptors", EVENTS).and_none("lost", lost)?;
    Ok(figures.and("health meanwhile", format!("{:?}", ended.text("health")?)))
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let config = config(subprocess::argument(arguments, 0)?)?;
    let sink = Arc::new(PostHogSink::spawn(config.clone()).or_fail("the sink did not start")?);
    let analytics = Analytics::new(Arc::clone(&sink));
    let mut held = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        held.push(file);
    }
    track(&analytics, 0..EVENTS);
    let ledger = attempt(&analytics)?;
    equal("pending", &ledger.pending(), &EVENTS)?;
    let Health::Failing { last, .. } = sink.health() else {
        return Err(Unmet::Failed(format!("the health is {:?}", sink.health())));
    };
    subprocess::tell("health", last);
    let second = PostHogSink::spawn(config);
    ensure(matches!(second, Err(PostHogError::Spawn(_))), || format!("a start came to {second:?}"))?;
    drop(held);
    subprocess::tell_ledger(&analytics.shutdown_blocking(LONG / 2));
    Ok(())
}
