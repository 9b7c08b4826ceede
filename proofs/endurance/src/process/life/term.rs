//! A process that is told to end.

use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use analytics_inspector::Fault;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use crate::figures::{Figures, over, time};
use crate::harness::fixture::{LONG, OrFail, TOLERANCE, equal, inspector, runtime, sink, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 76,
    fault: "SIGTERM, and a kill after a grace",
    must: "the service's own shutdown ends in time, the rest is counted; no signal handler is installed for it",
    proof: Proof::Inline(term),
};

pub(super) const SUBPROCESS: Subprocess = ("term", |arguments| subprocess::finish(in_subprocess(arguments)));

const EVENTS: u64 = 500;
const SIGTERM: u32 = 15;
/// Hang-up, interrupt, quit, both for users, alarm, child.
const OTHERS: [u32; 7] = [1, 2, 3, 10, 12, 14, 17];

fn term(tier: Tier) -> Outcome {
    let grace = tier.pick(Duration::from_millis(500), Duration::from_secs(4));
    let answered = end("answers", grace)?;
    let stalled = end("stalls", grace)?;
    ensure(stalled <= grace + TOLERANCE, || format!("with {grace:?} it took {stalled:?}"))?;
    let caught = unhandled()?;
    let figures = Figures::of("grace", time(grace)).and("server answers", time(answered));
    let figures = figures.and("server stalls: over the grace", over(stalled, grace));
    figures.and("events", EVENTS).and_none_of("signals with a handler of ours", &caught)
}

/// Ends a service by a signal; returns how long it took.
fn end(what: &str, grace: Duration) -> Result<Duration, Unmet> {
    let inspector = inspector()?;
    if what == "stalls" {
        inspector.inject(Fault::never_answer().always());
    }
    let arguments = [&*inspector.url(), "handled", &grace.as_millis().to_string()];
    let mut running = subprocess::Running::start(subprocess::command("term", &arguments)?)?;
    running.wait_for("ready", LONG)?;
    let begun = Instant::now();
    running.signal(Signal::TERM)?;
    let ended = running.end(LONG)?;
    let took = begun.elapsed();
    let ended = ended.succeeded()?;
    ended.settled(EVENTS)?;
    let reason = if what == "stalls" { "abandoned" } else { "delivered" };
    equal(reason, &ended.number(reason)?, &EVENTS)?;
    Ok(took)
}

/// A service without a handler dies of the signal. Returns the signals that the sink catches.
fn unhandled() -> Result<Vec<u32>, Unmet> {
    let inspector = inspector()?;
    let mut running = subprocess::Running::start(subprocess::command("term", &[&inspector.url(), "unhandled", "0"])?)?;
    running.wait_for("ready", LONG)?;
    let path = format!("/proc/{}/status", running.pid());
    let status = std::fs::read_to_string(&path)
        .map_err(|error| Unmet::Skipped(format!("{path} cannot be read ({error}); it needs Linux")))?;
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = u64::from_str_radix(caught.or_fail("no SigCgt")?.trim(), 16).or_fail("SigCgt")?;
    let caught = OTHERS.into_iter().chain([SIGTERM]).filter(|signal| caught & (1 << (signal - 1)) != 0).collect();
    running.signal(Signal::TERM)?;
    let ended = running.end(LONG)?;
    equal("the signal of which it died", &ended.status.and_then(|status| status.signal()), &Some(15))?;
    Ok(caught)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let is_handled = subprocess::argument(arguments, 1)? == "handled";
    let grace = Duration::from_millis(subprocess::argument(arguments, 2)?.parse().or_fail("the grace")?);
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    if !is_handled {
        track(&analytics, 0..1);
        ensure(analytics.flush_blocking(LONG).is_settled(), || "not settled".to_owned())?;
        subprocess::tell("ready", "");
        std::thread::sleep(LONG);
        return Ok(());
    }
    runtime(true)?.block_on(async {
        let mut asked = signal(SignalKind::terminate()).or_fail("the handler")?;
        track(&analytics, 0..EVENTS);
        subprocess::tell("ready", "");
        asked.recv().await;
        subprocess::tell_ledger(&analytics.shutdown(grace).await);
        Ok(())
    })
}
