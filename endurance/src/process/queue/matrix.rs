//! Everywhere that a sink can be built, shut down and dropped.

use std::thread;
use std::time::Duration;

use analytics_core::{Analytics, Ledger};
use analytics_inspector::Fault;

use crate::process::scene::{LONG, OrFail, equal, inspector, runtime, sink, track};
use crate::process::{Victim, child};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const SHUTDOWN: Row = Row {
    number: 35,
    fault: "shutdown on every kind of runtime, on none, from a `Drop`, twice, from two tasks",
    must: "all end within the grace",
    proof: Proof::Here(shutdowns),
};

pub(super) const DROP: Row = Row {
    number: 37,
    fault: "the sink is built, used and dropped inside every kind of runtime",
    must: "no panic: its HTTP client and its runtime live on its own thread",
    proof: Proof::Here(drops),
};

pub(super) const VICTIM: Victim = ("matrix", |arguments| child::finish(victim(arguments)));

const PLACES: [&str; 8] =
    ["no_runtime", "current_thread", "multi_thread", "block_on", "spawn_blocking", "drop", "twice", "two_tasks"];
const EVENTS: u64 = 10;

fn shutdowns(tier: Tier) -> Outcome {
    let runs: u64 = tier.pick(5, 100);
    for run in 0..runs {
        everywhere(if run % 2 == 0 { "answers" } else { "stalls" })?;
    }
    Ok(Figures::of("places", PLACES.len()).and("runs of each", runs).and("hangs", 0).and("panics", 0))
}

fn drops(tier: Tier) -> Outcome {
    let runs: u64 = tier.pick(2, 50);
    for _ in 0..runs {
        everywhere("drops")?;
    }
    Ok(Figures::of("places", PLACES.len()).and("runs of each", runs).and("panics", 0))
}

/// One process for each place, all at once.
fn everywhere(what: &'static str) -> Result<(), Unmet> {
    let inspector = inspector()?;
    if what != "answers" {
        inspector.inject(Fault::never_answer().always());
    }
    let url = inspector.url();
    let threads = PLACES.map(|place| {
        let url = url.clone();
        thread::spawn(move || one(&url, place, what))
    });
    threads.into_iter().try_for_each(|thread| thread.join().ok().or_fail("a run panicked")?)?;
    let arrived = if what == "answers" { EVENTS * PLACES.len() as u64 } else { 0 };
    equal("arrived", &inspector.totals().unique_events, &arrived)
}

fn one(url: &str, place: &str, what: &str) -> Result<(), Unmet> {
    let ended = child::run(child::command("matrix", &[url, place, what])?, LONG)?;
    ensure(ended.status.is_some(), || format!("{place} hangs when the server {what}"))?;
    let ended = ended.succeeded()?;
    ensure(!ended.errors.contains("panicked"), || format!("{place}: {}", ended.errors))?;
    match what {
        "answers" => equal(place, &ended.number("delivered")?, &EVENTS)?,
        "stalls" => equal(place, &ended.number("abandoned")?, &EVENTS)?,
        _ => return Ok(()),
    }
    ended.settled(EVENTS)
}

fn victim(arguments: &[String]) -> Result<(), Unmet> {
    let (url, place, what) =
        (child::argument(arguments, 0)?, child::argument(arguments, 1)?, child::argument(arguments, 2)?);
    let (url, what) = (url.to_owned(), what.to_owned());
    // Built, used and dropped where it is shut down.
    let scene = move |end: fn(Analytics, Duration)| {
        let analytics = sink(&url)?;
        track(&analytics, 0..EVENTS);
        if what != "drops" {
            let grace = if what == "stalls" { Duration::from_millis(300) } else { LONG / 2 };
            end(analytics.clone(), grace);
            child::tell_ledger(&analytics.ledger());
        }
        drop(analytics);
        Ok(())
    };
    let blocks = |analytics: Analytics, grace| drop_ledger(analytics.shutdown_blocking(grace));
    match place {
        "no_runtime" => scene(blocks),
        "block_on" => runtime(false)?.block_on(async { scene(blocks) }),
        "drop" => runtime(false)?.block_on(async { scene(|analytics, grace| drop(analytics.shutdown_on_drop(grace))) }),
        "twice" => scene(|analytics, grace| {
            drop_ledger(analytics.shutdown_blocking(grace));
            drop_ledger(analytics.shutdown_blocking(grace));
        }),
        "spawn_blocking" => {
            let task = async { tokio::task::spawn_blocking(move || scene(blocks)).await };
            runtime(true)?.block_on(task).or_fail("the task")?
        }
        _ => awaited(place, arguments),
    }
}

/// Where the shutdown is awaited.
fn awaited(place: &str, arguments: &[String]) -> Result<(), Unmet> {
    let (url, what) = (child::argument(arguments, 0)?, child::argument(arguments, 2)?);
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
        child::tell_ledger(&analytics.ledger());
        Ok(())
    })
}

/// The ledger is told later, whoever shut down.
fn drop_ledger(_ledger: Ledger) {}
