//! Everything at random at once: settings, threads, faults, panics of the host, purges and early ends.

mod events;
mod faults;
mod run;
mod settings;
mod told;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use analytics_core::{DropReason, Ledger};

use crate::figures::{Figures, on_one_line};
use crate::harness::fixture::{LONG, OrFail};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

/// What the host's code does in some runs wherever it is called.
#[expect(clippy::panic, reason = "it is what is provoked")]
fn panic_as_planned() -> ! {
    panic!("the host's code panics, as planned")
}

/// The row about chaos.
#[must_use]
pub fn rows() -> Vec<Row> {
    vec![Row {
        number: 109,
        fault: "settings, threads, faults, panics of the host, purges and early shutdowns, all at random at once",
        must: "whatever comes: every event is accounted for, once, and what the sink says of each is what the server saw",
        proof: Proof::Inline(chaos),
    }]
}

/// What runs in a process of its own.
#[must_use]
pub fn subprocesses() -> Vec<Subprocess> {
    vec![("chaos", |arguments| subprocess::finish(in_subprocess(arguments)))]
}

/// The first seed, and how many runs there are. A run that failed is run again by its seed.
const SEED: &str = "ENDURANCE_CHAOS_SEED";
const RUNS: &str = "ENDURANCE_CHAOS_RUNS";

/// Runs at one time: most of a run is waiting.
const AT_ONCE: usize = 4;

fn chaos(tier: Tier) -> Outcome {
    let variable = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = variable(SEED).unwrap_or(1);
    let runs = variable(RUNS).unwrap_or(if variable(SEED).is_some() { 1 } else { tier.pick(200, 5_000) });
    let command = subprocess::command("chaos", &[&first.to_string(), &runs.to_string()])?;
    let patience = LONG + Duration::from_secs(runs);
    let ended = subprocess::run(command, patience)?;
    // One that hangs has told which seeds it was at.
    let running: Vec<_> = (0..AT_ONCE).filter_map(|lane| ended.text(&format!("running_{lane}")).ok()).collect();
    ensure(ended.has_ended(), || format!("a run hangs, of these seeds: {} ({SEED}=… runs one)", running.join(", ")))?;
    let ended = ended.succeeded()?;
    let figure = |name| ended.number(name);
    let figures = Figures::of("runs", runs).and("events", figure("captured")?).and("requests", figure("requests")?);
    let figures = figures.and("delivered", figure("delivered")?).and("dropped", ended.drops());
    let violations: Vec<_> = ended.text("violation").into_iter().collect();
    figures.and_none_of("violations", &violations)
}

/// What was seen of all runs.
#[derive(Debug, Default)]
struct Totals {
    requests: u64,
    ledger: Ledger,
    failed: Option<(u64, Unmet)>,
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let number = |index| subprocess::argument(arguments, index)?.parse::<u64>().or_fail("a number");
    let (first, runs) = (number(0)?, number(1)?);
    // Hosts that panic are part of the plan; the page that tells of each is not.
    std::panic::set_hook(Box::new(|_| ()));
    let (next, totals) = (AtomicU64::new(first), Mutex::new(Totals::default()));
    thread::scope(|scope| {
        for lane in 0..AT_ONCE {
            let (next, totals) = (&next, &totals);
            scope.spawn(move || run_all(lane, next, first + runs, totals));
        }
    });
    let totals = totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((seed, Unmet::Failed(why) | Unmet::Skipped(why))) = totals.failed {
        subprocess::tell("violation", on_one_line(&format!("{why} (again with {SEED}={seed})")));
    }
    subprocess::tell("requests", totals.requests);
    subprocess::tell_ledger(&totals.ledger);
    Ok(())
}

fn run_all(lane: usize, next: &AtomicU64, end: u64, totals: &Mutex<Totals>) {
    loop {
        let seed = next.fetch_add(1, Ordering::SeqCst);
        if seed >= end {
            return;
        }
        subprocess::tell(&format!("running_{lane}"), seed);
        let outcome = run::run(seed);
        let mut totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(ledger) => {
                totals.requests += ledger.traffic().requests;
                totals.ledger.add_delivered(ledger.delivered());
                for reason in DropReason::ALL {
                    totals.ledger.add_dropped(*reason, ledger.dropped(*reason));
                }
            }
            Err(why) => {
                next.store(end, Ordering::SeqCst);
                totals.failed.get_or_insert((seed, why));
            }
        }
    }
}
