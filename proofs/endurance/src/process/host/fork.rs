//! A process is forked while its threads track.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, DropReason, Health, Settlement, block_on};
use rustix::process::{Pid, Signal, kill_process};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::figures::{Figures, time};
use crate::harness::fixture::{LONG, Numbered, OrFail, equal, inspector, sink, track};
use crate::harness::log_lines::Lines;
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 84,
    fault: "a process is forked while other threads of it track",
    must: "the child's calls return; once the fork is found out its events are dropped as closed, and its health and one \
           line of its log say why; the parent is unharmed",
    proof: Proof::Inline(forks),
};

pub(super) const SUBPROCESS: Subprocess = ("forking", |arguments| subprocess::finish(in_subprocess(arguments)));

const THREADS: usize = 4;
/// What a child tracks before it asks for anything.
const TRACKED: u64 = 200;

/// How a child ends. What it has to say beside that would need locks that it may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good = 0,
    Sent = 10,
    Health = 11,
    Counted = 12,
    Logged = 13,
}

fn forks(tier: Tier) -> Outcome {
    let forks = tier.pick(40, 1_000);
    let inspector = inspector()?;
    let ended = subprocess::run(subprocess::command("forking", &[&inspector.url(), &forks.to_string()])?, 10 * LONG)?;
    let ended = ended.succeeded()?;
    let figures = Figures::of("forks", forks).and_none("hangs", ended.number("hangs")?)?;
    equal("children that ended", &ended.text("ends")?, &&*format!("{forks} Good"))?;
    let (captured, full) = (ended.number("captured")?, ended.number("queue_full").unwrap_or_default());
    ended.settled(captured)?;
    let delivered = ended.number("delivered")?;
    equal("what the parent did not deliver or refuse", &(captured - delivered - full), &0)?;
    equal("what arrived", &inspector.totals().unique_events, &delivered)?;
    let figures = figures.and("events of the parent delivered", delivered);
    let figures = figures.and("children whose log has one line about it", ended.number("good")?);
    Ok(figures.and("longest child", ended.text("longest")?))
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let lines = Lines::default();
    tracing_subscriber::registry().with(lines.clone()).try_init().or_fail("the subscriber")?;
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    let forks: u64 = subprocess::argument(arguments, 1)?.parse().or_fail("the number of forks")?;
    let (is_over, tracked) = (AtomicBool::new(false), AtomicU64::new(0));
    let ended = std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let n = tracked.fetch_add(1, Ordering::Relaxed);
                    track(&analytics, n..n + 1);
                }
            });
        }
        let ended = (0..forks).map(|_| fork(&analytics, &lines)).collect::<Result<Vec<_>, _>>();
        is_over.store(true, Ordering::Relaxed);
        ended
    })?;
    let ledger = analytics.shutdown_blocking(LONG);
    equal("captured", &ledger.captured(), &tracked.load(Ordering::Relaxed))?;
    subprocess::tell("hangs", ended.iter().filter(|(end, _)| end.is_none()).count());
    // A child looks at its log last.
    subprocess::tell("good", ended.iter().filter(|(end, _)| end.as_deref() == Some("Good")).count());
    let mut ends: Vec<(String, u64)> = Vec::new();
    for end in ended.iter().filter_map(|(end, _)| end.as_ref()) {
        match ends.iter_mut().find(|(other, _)| other == end) {
            Some((_, count)) => *count += 1,
            None => ends.push((end.clone(), 1)),
        }
    }
    let ends: Vec<_> = ends.iter().map(|(end, count)| format!("{count} {end}")).collect();
    subprocess::tell("ends", ends.join(" + "));
    let longest = ended.iter().map(|(_, lasted)| *lasted).max().unwrap_or_default();
    subprocess::tell("longest", time(longest));
    subprocess::tell_ledger(&ledger);
    Ok(())
}

/// Forks a child and waits for its end, which it names; `None` if it hangs.
fn fork(analytics: &Analytics, lines: &Lines) -> Result<(Option<String>, Duration), Unmet> {
    let begun = Instant::now();
    let pid = match fork::fork().or_fail("a fork")? {
        fork::Fork::Child => std::process::exit(in_child(analytics, lines) as i32),
        fork::Fork::Parent(pid) => pid,
    };
    loop {
        if let Some(status) = fork::waitpid_nohang(pid).or_fail("a child's end")? {
            let verdicts = [Verdict::Good, Verdict::Sent, Verdict::Health, Verdict::Counted, Verdict::Logged];
            let code = fork::WEXITSTATUS(status);
            let named = verdicts.iter().find(|verdict| fork::WIFEXITED(status) && **verdict as i32 == code);
            let named = named.map_or_else(|| format!("status {status}"), |verdict| format!("{verdict:?}"));
            return Ok((Some(named), begun.elapsed()));
        }
        if begun.elapsed() > LONG {
            kill_process(Pid::from_raw(pid).or_fail("no child")?, Signal::KILL).or_fail("a child that hangs")?;
            fork::waitpid(pid).or_fail("a child that was killed")?;
            return Ok((None, begun.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn in_child(analytics: &Analytics, lines: &Lines) -> Verdict {
    lines.take();
    // Whatever the fork left locked, these return.
    track(analytics, 0..TRACKED);
    let event = Numbered { n: 0 };
    if block_on(analytics.send(Actor::user("u1"), event)) != Settlement::Dropped(DropReason::Closed) {
        return Verdict::Sent;
    }
    let _nothing_to_wait_for = analytics.flush_blocking(LONG);
    if analytics.health() != Health::Forked {
        return Verdict::Health;
    }
    let before = analytics.ledger();
    track(analytics, 0..TRACKED);
    let after = analytics.shutdown_blocking(LONG);
    let closed = [before, after].map(|ledger| ledger.dropped(DropReason::Closed));
    if closed[1] - closed[0] != TRACKED || after.captured() - before.captured() != TRACKED {
        return Verdict::Counted;
    }
    // A thread of its own logs, for which nobody waits for ever.
    let begun = Instant::now();
    let mut said = 0;
    while said == 0 && begun.elapsed() < LONG / 2 {
        said += lines.take().iter().filter(|line| line.contains("was forked")).count();
        std::thread::sleep(Duration::from_millis(1));
    }
    if said == 1 { Verdict::Good } else { Verdict::Logged }
}
