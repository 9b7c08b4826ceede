//! Everywhere that a sink can be built, shut down and dropped.

use std::thread;
use std::time::Duration;

use analytics_core::{Analytics, Ledger};
use analytics_inspector::Fault;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, equal, inspector, runtime, sink, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const SHUTDOWN: Row = Row {
    number: 35,
    fault: "shutdown on every kind of runtime, on none, from a `Drop`, twice, from two tasks",
    must: "all end within the grace",
    proof: Proof::Inline(shutdowns),
};

pub(super) const DROP: Row = Row {
    number: 37,
    fault: "the sink is built, used and dropped inside every kind of runtime",
    must: "no panic: its HTTP client and its runtime live on its own thread",
    proof: Proof::Inline(drops),
};

pub(super) const SUBPROCESS: Subprocess = ("matrix", |arguments| subprocess::finish(in_subprocess(arguments)));

const PLACES: [&str; 8] =
    ["no_runtime", "current_thread", "multi_thread", "block_on", "spawn_blocking", "drop", "twice", "two_tasks"];
const EVENTS: u64 = 10;

fn shutdowns(tier: Tier) -> Outcome {
    let runs: u64 = tier.pick(5, 100);
    let mut wrong = Wrong::default();
    for run in 0..runs {
        everywhere(if run % 2 == 0 { "answers" } else { "stalls" }, &mut wrong)?;
    }
    wrong.figures(runs)
}

fn drops(tier: Tier) -> Outcome {
    let runs: u64 = tier.pick(2, 50);
    let mut wrong = Wrong::default();
    for _ in 0..runs {
        everywhere("drops", &mut wrong)?;
    }
    wrong.figures(runs)
}

/// Where it went wrong, and how.
#[derive(Default)]
struct Wrong {
    hangs: Vec<String>,
    panics: Vec<String>,
}

impl Wrong {
    fn figures(&self, runs: u64) -> Outcome {
        let figures = Figures::of("places", PLACES.len()).and("runs of each", runs);
        figures.and_none_of("hangs", &self.hangs)?.and_none_of("panics", &self.panics)
    }
}

/// One process for each place, all at once.
fn everywhere(what: &'static str, wrong: &mut Wrong) -> Result<(), Unmet> {
    let inspector = inspector()?;
    if what != "answers" {
        inspector.inject(Fault::never_answer().always());
    }
    let url = inspector.url();
    let threads = PLACES.map(|place| {
        let url = url.clone();
        thread::spawn(move || subprocess::run(subprocess::command("matrix", &[&url, place, what])?, LONG))
    });
    let mut good = 0;
    for (thread, place) in threads.into_iter().zip(PLACES) {
        let ended = thread.join().ok().or_fail("a run panicked")??;
        let is_calm = !ended.errors.contains("panicked");
        if ended.status.is_none() {
            wrong.hangs.push(format!("{place} when the server {what}"));
        } else if is_calm {
            check(&ended.succeeded()?, place, what)?;
            good += 1;
        }
        // One that hangs may have panicked before.
        if !is_calm {
            wrong.panics.push(format!("{place} when the server {what}"));
        }
    }
    // One that ended badly fails the row anyway, and who knows what arrived of it.
    let arrived = if what == "answers" { EVENTS * good } else { 0 };
    let is_right = inspector.totals().unique_events == arrived || good < PLACES.len() as u64;
    ensure(is_right, || format!("{arrived} were to arrive: {}", inspector.totals()))
}

/// What a process counted that ended well.
fn check(ended: &subprocess::Ended, place: &str, what: &str) -> Result<(), Unmet> {
    match what {
        "answers" => equal(place, &ended.number("delivered")?, &EVENTS)?,
        "stalls" => equal(place, &ended.number("abandoned")?, &EVENTS)?,
        _ => return Ok(()),
    }
    ended.settled(EVENTS)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let (url, place, what) =
        (subprocess::argument(arguments, 0)?, subprocess::argument(arguments, 1)?, subprocess::argument(arguments, 2)?);
    let (url, what) = (url.to_owned(), what.to_owned());
    // Built, used and dropped where it is shut down.
    let scenario = move |end: fn(Analytics, Duration)| {
        let analytics = sink(&url)?;
        track(&analytics, 0..EVENTS);
        if what != "drops" {
            let grace = if what == "stalls" { Duration::from_millis(300) } else { LONG / 2 };
            end(analytics.clone(), grace);
            subprocess::tell_ledger(&analytics.ledger());
        }
        drop(analytics);
        Ok(())
    };
    let blocks = |analytics: Analytics, grace| drop_ledger(analytics.shutdown_blocking(grace));
    match place {
        "no_runtime" => scenario(blocks),
        "block_on" => runtime(false)?.block_on(async { scenario(blocks) }),
        "drop" => {
            runtime(false)?.block_on(async { scenario(|analytics, grace| drop(analytics.shutdown_on_drop(grace))) })
        }
        "twice" => scenario(|analytics, grace| {
            drop_ledger(analytics.shutdown_blocking(grace));
            drop_ledger(analytics.shutdown_blocking(grace));
        }),
        "spawn_blocking" => {
            let task = async { tokio::task::spawn_blocking(move || scenario(blocks)).await };
            runtime(true)?.block_on(task).or_fail("the task")?
        }
        _ => awaited(place, arguments),
    }
}

/// Where the shutdown is awaited.
fn awaited(place: &str, arguments: &[String]) -> Result<(), Unmet> {
    let (url, what) = (subprocess::argument(arguments, 0)?, subprocess::argument(arguments, 2)?);
    let runtime = runtime(place != "current_thread")?;
    runtime.block_on(async {
        let analytics = sink(url)?;
        track(&analytics, 0..EVENTS);
        if what == "drops" {
            return Ok(());
        }
        let grace = if what == "stalls" { Duration::from_millis(300) } else { LONG / 2 };
        match place {
            "current_thread" => drop_ledger(analytics.shutdown(grace).await),
            "multi_thread" => {
                let analytics = analytics.clone();
                tokio::spawn(async move { analytics.shutdown(grace).await })
                    .await
                    .map(drop_ledger)
                    .or_fail("the task")?;
            }
            _ => {
                let (one, other) = (analytics.clone(), analytics.clone());
                let one = tokio::spawn(async move { one.shutdown(grace).await });
                let other = tokio::spawn(async move { other.shutdown(grace).await });
                let (one, other) = (one.await.or_fail("a task")?, other.await.or_fail("a task")?);
                equal("what two tasks are told", &one, &other)?;
            }
        }
        subprocess::tell_ledger(&analytics.ledger());
        Ok(())
    })
}

/// The ledger is told later, whoever shut down.
#[expect(clippy::large_types_passed_by_value, reason = "it is handed over to be dropped")]
fn drop_ledger(_ledger: Ledger) {}
