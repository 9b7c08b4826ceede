//! A process that ends without a shutdown.

use std::os::unix::process::ExitStatusExt;

use crate::process::scene::{LONG, OrFail, TOLERANCE, config, equal, inspector, spawn, track};
use crate::process::{Victim, child};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 77,
    fault: "`std::process::exit` or an abort without a shutdown",
    must: "it ends at once; what was pending is lost, as the documentation says, for there is no spool",
    proof: Proof::Here(exits),
};

pub(super) const VICTIM: Victim = ("exit", |arguments| child::finish(victim(arguments)));

const EVENTS: u64 = 100;
const SIGABRT: i32 = 6;

fn exits(_tier: Tier) -> Outcome {
    let mut figures = Figures::of("pending at the end", EVENTS);
    for (how, name) in [("exit", "lost by an exit"), ("abort", "lost by an abort"), ("return", "lost by a return")] {
        let inspector = inspector()?;
        let ended = child::run(child::command("exit", &[&inspector.url(), how])?, LONG)?;
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

fn victim(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(child::argument(arguments, 0)?)?;
    config.delivery.flush_interval = LONG;
    config.delivery.flush_at = crate::process::scene::count(10_000);
    let analytics = spawn(config)?;
    track(&analytics, 0..EVENTS);
    ensure(analytics.flush_blocking(LONG).is_settled(), || "not settled".to_owned())?;
    track(&analytics, EVENTS..2 * EVENTS);
    match child::argument(arguments, 1)? {
        "exit" => std::process::exit(0),
        "abort" => std::process::abort(),
        _ => Ok(()),
    }
}
