//! A process that ends without a shutdown.

use std::os::unix::process::ExitStatusExt;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, TOLERANCE, config, equal, inspector, spawn, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 77,
    fault: "`std::process::exit` or an abort without a shutdown",
    must: "it ends at once; what was pending is lost, as the documentation says, for there is no spool",
    proof: Proof::Inline(exits),
};

pub(super) const SUBPROCESS: Subprocess = ("exit", |arguments| subprocess::finish(in_subprocess(arguments)));

const EVENTS: u64 = 100;
const SIGABRT: i32 = 6;

fn exits(_tier: Tier) -> Outcome {
    let mut figures = Figures::of("pending at the end", EVENTS);
    for (how, name) in [("exit", "lost by an exit"), ("abort", "lost by an abort"), ("return", "lost by a return")] {
        let inspector = inspector()?;
        let ended = subprocess::run(subprocess::command("exit", &[&inspector.url(), how])?, LONG)?;
        let status = ended.status.or_fail("it hangs")?;
        let expected = if how == "abort" { (None, Some(SIGABRT)) } else { (Some(0), None) };
        equal(how, &(status.code(), status.signal()), &expected)?;
        // What would wait would wait for a request, which takes 15 s.
        ensure(ended.lasted <= 5 * TOLERANCE, || format!("{how} took {:?}", ended.lasted))?;
        // Those of before were flushed, and have arrived.
        let arrived = inspector.totals().unique_events;
        ensure(arrived >= EVENTS, || format!("{arrived} arrived"))?;
        figures = figures.and(name, 2 * EVENTS - arrived);
    }
    Ok(figures)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    config.delivery.flush_interval = LONG;
    config.delivery.flush_at = crate::harness::fixture::count(10_000);
    let analytics = spawn(config)?;
    track(&analytics, 0..EVENTS);
    ensure(analytics.flush_blocking(LONG).is_settled(), || "not settled".to_owned())?;
    track(&analytics, EVENTS..2 * EVENTS);
    match subprocess::argument(arguments, 1)? {
        "exit" => std::process::exit(0),
        "abort" => std::process::abort(),
        _ => Ok(()),
    }
}
