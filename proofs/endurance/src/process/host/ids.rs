//! Ids of events after a fork, and in copies of a process.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use analytics_core::{Actor, EventId};

use crate::figures::Figures;
use crate::harness::fixture::{LONG, Numbered, OrFail, equal, inspector, sink};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 85,
    fault: "a process is forked, and each child makes a sink of its own; a machine is restored from a snapshot several times",
    must: "ids of events differ over all processes after a fork, and over all copies as far as chance can promise",
    proof: Proof::Inline(ids),
};

/// A process whose children each have a sink.
pub(super) const SUBPROCESS: Subprocess = ("prefork", |arguments| subprocess::finish(prefork(arguments)));

/// A process whose children share a handle: the same state in each, as a snapshot's copies have it.
pub(super) const SNAPSHOT: Subprocess = ("snapshot", |arguments| subprocess::finish(snapshot(arguments)));

const CHILDREN: usize = 8;
/// As many ids as a thread makes from what it drew before it was copied. Those after them are drawn anew.
const COPIED: usize = 1_000;

fn ids(tier: Tier) -> Outcome {
    let events: usize = tier.pick(1_000, 10_000);
    let inspector = inspector()?;
    subprocess::run(subprocess::command("prefork", &[&inspector.url(), &events.to_string()])?, 5 * LONG)?
        .succeeded()?;
    let totals = inspector.totals();
    let all = (CHILDREN * events) as u64;
    equal("events that the children delivered", &totals.events_accepted, &all)?;
    let figures = Figures::of("children", CHILDREN).and("events of each", events);
    let figures = figures.and_none("ids that repeat", all.abs_diff(totals.unique_events))?;

    let ended = subprocess::run(subprocess::command("snapshot", &[&inspector.url()])?, LONG)?.succeeded()?;
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for index in 0..CHILDREN {
        for id in ended.text(&format!("ids-{index}"))?.split(',') {
            *seen.entry(id).or_default() += 1;
        }
    }
    let repeats = CHILDREN * COPIED - seen.len();
    // Each pair of copies agrees in an id only if both make it in the same nanosecond of a second.
    ensure(repeats <= 1, || format!("{repeats} ids of copies repeat"))?;
    let figures = figures.and("copies of one state", CHILDREN).and("ids of each", COPIED);
    Ok(figures.and("ids of copies that repeat", repeats))
}

/// A moment for all events, so that nothing of their time tells ids apart.
fn moment() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

fn prefork(arguments: &[String]) -> Result<(), Unmet> {
    let url = subprocess::argument(arguments, 0)?;
    let events: u64 = subprocess::argument(arguments, 1)?.parse().or_fail("the number of events")?;
    // The thread has drawn before it forks: all children have what is left of that.
    let _drawn = EventId::at(moment());
    let in_child = || {
        let analytics = sink(url)?;
        for n in 0..events {
            analytics.event(Actor::user("u1"), Numbered { n }).at(moment()).track();
        }
        let ledger = analytics.shutdown_blocking(LONG);
        ensure(ledger.delivered() == events, || ledger.to_string())
    };
    let children = (0..CHILDREN).map(|_| start(in_child)).collect::<Result<Vec<_>, _>>()?;
    children.into_iter().try_for_each(end)
}

fn snapshot(arguments: &[String]) -> Result<(), Unmet> {
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    let make = |n| analytics.event(Actor::user("u1"), Numbered { n }).at(moment()).track().to_string();
    // The state that is copied.
    make(0);
    for index in 0..CHILDREN {
        // One after the other, so that all begin with it, and so that their output does not mix.
        end(start(|| {
            let ids: Vec<_> = (0..COPIED as u64).map(make).collect();
            subprocess::tell(&format!("ids-{index}"), ids.join(","));
            Ok(())
        })?)?;
    }
    Ok(())
}

/// Forks a child that does this and ends.
fn start(work: impl Fn() -> Result<(), Unmet>) -> Result<i32, Unmet> {
    match fork::fork().or_fail("a fork")? {
        fork::Fork::Child => {
            subprocess::finish(work());
            std::process::exit(0)
        }
        fork::Fork::Parent(pid) => Ok(pid),
    }
}

fn end(pid: i32) -> Result<(), Unmet> {
    let status = fork::waitpid(pid).or_fail("a child's end")?;
    equal("the status of a child", &status, &0)
}
