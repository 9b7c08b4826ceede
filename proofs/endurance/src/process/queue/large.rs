//! A queue that is full of large events.

use std::time::{Duration, Instant};

use analytics_core::{Actor, DropReason, Event, Ledger};
use analytics_inspector::Fault;

use crate::figures::{Figures, bytes};
use crate::harness::fixture::{LONG, Numbered, OrFail, config, count, inspector, settled, spawn, track};
use crate::harness::{Subprocess, measure, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 31,
    fault: "queue full of large events",
    must: "the cap of bytes holds as well as that of events; one request that takes long pins no memory of what passes it",
    proof: Proof::Inline(large),
};

pub(super) const SUBPROCESS: Subprocess = ("large", |arguments| subprocess::finish(in_subprocess(arguments)));
pub(super) const HELD: Subprocess = ("held", |arguments| subprocess::finish(held_in_subprocess(arguments)));

const EVENTS: u64 = 400;
/// An event may have 900 KiB.
const EVENT_BYTES: usize = 900_000;

/// Borrows its text, so that the memory is the sink's.
#[derive(Event)]
#[event(name = "large")]
struct Large<'a> {
    text: &'a str,
}

fn large(tier: Tier) -> Outcome {
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().if_content_exceeds(100_000).always());
    let ended = subprocess::run(subprocess::command("large", &[&inspector.url()])?, LONG)?.succeeded()?;
    ended.settled(EVENTS + 1)?;
    let (cap, grown) = (ended.number("cap")?, ended.number("grown")?);
    ensure(grown <= cap + cap / 10, || format!("resident memory grew by {grown} KiB, the cap is {cap} KiB"))?;
    let figures = Figures::of("events of 900 kB", EVENTS).and("dropped", ended.number("queue_full")?);
    let figures = figures.and("cap", bytes(cap << 10)).and("growth of RSS", bytes(grown << 10));
    held(tier, figures)
}

/// One request takes long, and with it a partition waits, while others' events pass: it pins none of their memory.
fn held(tier: Tier, figures: Figures) -> Outcome {
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().if_body_contains("takes_long").always());
    let seconds = tier.pick(3, 300);
    let ended = subprocess::run(subprocess::command("held", &[&inspector.url(), &seconds.to_string()])?, 10 * LONG)?
        .succeeded()?;
    let (passed, grown, pinned) = (ended.number("passed")?, ended.number("grown")?, ended.number("bytes")?);
    // The chunks that passed by would be as large as all that passed.
    let most = 8_192 + 2 * (pinned >> 10) / 100;
    ensure(grown <= most, || format!("resident memory grew by {grown} KiB, {most} KiB are expected at most"))?;
    Ok(figures
        .and("one partition held for", format!("{seconds} s"))
        .and("events that passed meanwhile", passed)
        .and("their bytes", bytes(pinned))
        .and("growth of RSS", bytes(grown << 10)))
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    // Beside it, the bodies of four requests are small.
    config.delivery.queue_bytes = count(64 << 20);
    subprocess::tell("cap", config.delivery.queue_bytes.get() / 1_024);
    let analytics = spawn(config)?;
    // Connects, and makes what is made once.
    track(&analytics, 0..1);
    ensure(analytics.flush_blocking(LONG).is_settled(), || "the first event did not arrive".to_owned())?;
    let text = "x".repeat(EVENT_BYTES);
    let before = measure::resident()?;
    for user in 1..=EVENTS {
        analytics.track(Actor::user(user), Large { text: &text });
    }
    let grown = measure::most_resident()?.checked_sub(before).or_fail("memory shrank")?;
    subprocess::tell("grown", grown);
    let ledger = analytics.shutdown_blocking(Duration::ZERO);
    ensure(ledger.dropped(DropReason::QueueFull) > 0, || format!("nothing was dropped: {ledger}"))?;
    settled(&ledger, EVENTS + 1)?;
    subprocess::tell_ledger(&ledger);
    Ok(())
}

fn held_in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    let time = Duration::from_secs(subprocess::argument(arguments, 1)?.parse().map_err(Unmet::failed)?);
    config.delivery.request_timeout = 2 * time + LONG;
    let analytics = spawn(config)?;
    // Connects, and makes what is made once: a queue that was full has touched its memory.
    for user in 1..=20_000_u64 {
        analytics.track(Actor::user(user), Numbered { n: user });
    }
    ensure(analytics.flush_blocking(LONG).is_settled(), || "the first events did not arrive".to_owned())?;
    analytics.track(Actor::user("takes_long"), Numbered { n: 0 });
    let _pending = analytics.flush_blocking(Duration::from_millis(100));
    let (before, begun) = (measure::resident()?, Instant::now());
    let mut passed = 0;
    while begun.elapsed() < time {
        for _ in 0..2_000 {
            passed += 1;
            analytics.track(Actor::user(20_000 + passed), Numbered { n: passed });
        }
        // One in 256 waits behind the first.
        let waits = |ledger: Ledger| ledger.pending() > 500 + passed / 128;
        while waits(analytics.flush_blocking(Duration::from_millis(50))) {
            ensure(begun.elapsed() < time + LONG, || format!("the others do not pass: {}", analytics.ledger()))?;
        }
    }
    let grown = measure::most_resident()?.saturating_sub(before);
    let ledger = analytics.shutdown_blocking(Duration::ZERO);
    settled(&ledger, passed + 20_001)?;
    subprocess::tell("passed", passed);
    subprocess::tell("grown", grown);
    subprocess::tell("bytes", ledger.traffic().event_bytes);
    subprocess::tell_ledger(&ledger);
    Ok(())
}
