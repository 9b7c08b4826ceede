//! A process that has little memory.

use std::time::Duration;

use analytics_core::{Actor, DynamicEvent};
use analytics_inspector::Fault;

use crate::figures::{Figures, bytes};
use crate::harness::fixture::{LONG, config, count, equal, inspector, settled, spawn, track};
use crate::harness::{Subprocess, measure, subprocess};
use crate::programs::need;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 78,
    fault: "address space for twice the queue's cap and no more, while ten times the cap is tracked",
    must: "the cap holds; no abort",
    proof: Proof::Inline(memory),
};

pub(super) const SUBPROCESS: Subprocess = ("memory", |arguments| subprocess::finish(in_subprocess(arguments)));

const CAP: usize = 8 << 20;
const EVENT_BYTES: usize = 10_000;
/// Address space that is left, and what is tracked, in caps.
const ROOM_CAPS: usize = 2;
const TRACKED_CAPS: usize = 10;
const EVENTS: u64 = (TRACKED_CAPS * CAP / EVENT_BYTES) as u64;

fn memory(tier: Tier) -> Outcome {
    need(&["prlimit"])?;
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().if_content_exceeds(EVENT_BYTES).always());
    // What a service takes without events waiting, threads of the C library's allocator included.
    let idle = subprocess::run(subprocess::command("memory", &[&inspector.url(), "idle"])?, LONG)?.succeeded()?;
    let limit = idle.number("peak")? * 1_024 + (ROOM_CAPS * CAP) as u64;
    let (runs, mut aborted) = (tier.pick(1, 20), Vec::new());
    for _ in 0..runs {
        let limited = format!("--as={limit}:{limit}");
        let command = subprocess::command_under(&["prlimit", &limited], "memory", &[&inspector.url(), "full"])?;
        let ended = subprocess::run(command, LONG)?;
        if ended.status.is_some_and(|status| status.code().is_none()) {
            aborted.push(ended);
            continue;
        }
        let ended = ended.succeeded()?;
        ended.settled(EVENTS + 1)?;
        equal("delivered", &ended.number("delivered")?, &1)?;
        ensure(ended.number("queue_full")? > EVENTS / 2, || "the queue was not full".to_owned())?;
    }
    let figures = Figures::of("cap", bytes(CAP)).and("limit above the idle process", bytes(ROOM_CAPS * CAP));
    figures.and("tracked", bytes(TRACKED_CAPS * CAP)).and("runs", runs).and_none_of("aborts", &aborted)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    config.delivery.queue_bytes = count(CAP);
    let analytics = spawn(config)?;
    track(&analytics, 0..1);
    ensure(analytics.flush_blocking(LONG).is_settled(), || "not settled".to_owned())?;
    subprocess::tell("peak", measure::status("self", "VmPeak")?);
    if subprocess::argument(arguments, 1)? == "idle" {
        return Ok(());
    }
    let text = "x".repeat(EVENT_BYTES);
    for _ in 0..EVENTS {
        analytics.track(Actor::user("u1"), DynamicEvent::new("large").with("text", text.as_str()));
    }
    let ledger = analytics.shutdown_blocking(Duration::from_millis(100));
    settled(&ledger, EVENTS + 1)?;
    subprocess::tell_ledger(&ledger);
    Ok(())
}
