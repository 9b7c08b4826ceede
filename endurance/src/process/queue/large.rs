//! A queue that is full of large events.

use analytics_core::{Actor, DropReason, Event};
use analytics_inspector::Fault;

use crate::figures::bytes;
use crate::process::scene::{LONG, OrFail, config, count, inspector, settled, spawn, track};
use crate::process::{Victim, child, measure};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 31,
    fault: "queue full of large events",
    must: "the cap of bytes holds as well as that of events",
    proof: Proof::Here(large),
};

pub(super) const VICTIM: Victim = ("large", |arguments| child::finish(victim(arguments)));

const EVENTS: u64 = 400;
/// An event may have 900 KiB.
const EVENT_BYTES: usize = 900_000;

/// Borrows its text, so that the memory is the sink's.
#[derive(Event)]
#[event(name = "large")]
struct Large<'a> {
    text: &'a str,
}

fn large(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().if_content_exceeds(100_000).always());
    let ended = child::run(child::command("large", &[&inspector.url()])?, LONG)?.succeeded()?;
    ended.settled(EVENTS + 1)?;
    let (cap, grown) = (ended.number("cap")?, ended.number("grown")?);
    ensure(grown <= cap + cap / 10, || format!("resident memory grew by {grown} KiB, the cap is {cap} KiB"))?;
    let figures = Figures::of("events of 900 kB", EVENTS).and("dropped", ended.number("queue_full")?);
    Ok(figures.and("cap", bytes(cap << 10)).and("growth of RSS", bytes(grown << 10)))
}

fn victim(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(child::argument(arguments, 0)?)?;
    // Beside it, the bodies of four requests are small.
    config.delivery.queue_bytes = count(64 << 20);
    child::tell("cap", config.delivery.queue_bytes.get() / 1_024);
    let analytics = spawn(config)?;
    // Connects, and makes what is made once.
    track(&analytics, 0..1);
    ensure(analytics.flush_blocking(LONG).is_settled(), || "the first event did not arrive".to_owned())?;
    let text = "x".repeat(EVENT_BYTES);
    let before = measure::resident()?;
    for _ in 0..EVENTS {
        analytics.track(Actor::user("u1"), Large { text: &text });
    }
    let grown = measure::most_resident()?.checked_sub(before).or_fail("memory shrank")?;
    child::tell("grown", grown);
    let ledger = analytics.shutdown_blocking(std::time::Duration::ZERO);
    ensure(ledger.dropped(DropReason::QueueFull) > 0, || format!("nothing was dropped: {ledger}"))?;
    settled(&ledger, EVENTS + 1)?;
    child::tell_ledger(&ledger);
    Ok(())
}
