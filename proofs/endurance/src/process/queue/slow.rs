//! A `Serialize` that takes long, or would never end.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::{Actor, DropReason, Event, Json, Settlement, block_on};
use serde::{Serialize, Serializer};

use crate::figures::{Figures, bytes, time};
use crate::harness::fixture::{LONG, OrFail, TOLERANCE, equal, inspector, settled, sink, track};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 41,
    fault: "a `Serialize` takes seconds, or writes a gigabyte",
    must: "it costs its caller only; the event is dropped when it reaches the cap, not after",
    proof: Proof::Inline(slow),
};

const CAP: usize = 900 * 1_024;
const PART: usize = 1_000;

/// A million strings of a thousand letters. Counts those that were asked for.
struct Gigabyte<'c> {
    part: &'c str,
    asked: &'c Cell<usize>,
}

impl Serialize for Gigabyte<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..1_000_000).map(|_| {
            self.asked.set(self.asked.get() + 1);
            self.part
        }))
    }
}

struct Slow(Duration);

impl Serialize for Slow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        thread::sleep(self.0);
        serializer.serialize_str("slow")
    }
}

#[derive(Event)]
#[event(name = "heavy")]
struct Heavy<T: Serialize> {
    value: Json<T>,
}

fn slow(tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;

    let (part, asked) = ("x".repeat(PART), Cell::new(0));
    let mut settlement = Settlement::Unsettled;
    let allocated = allocation_counter::measure(|| {
        let event = Heavy { value: Json(Gigabyte { part: &part, asked: &asked }) };
        settlement = block_on(analytics.send(Actor::user("u1"), event));
    });
    equal("the answer", &settlement, &Settlement::Dropped(DropReason::TooLarge))?;
    ensure(asked.get() * PART <= CAP + PART, || format!("{} kB were written", asked.get()))?;

    let long = tier.pick(Duration::from_millis(300), Duration::from_secs(10));
    let others = thread::scope(|scope| {
        let slow = scope.spawn(|| analytics.track(Actor::user("u1"), Heavy { value: Json(Slow(long)) }));
        let others = neighbours(&analytics, || slow.is_finished());
        slow.join().ok().or_fail("the slow event panicked")?;
        Ok::<_, Unmet>(others)
    })?;
    let (events, longest) = others;
    ensure(longest < long.max(TOLERANCE), || format!("another thread waited {longest:?}"))?;
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, events + 2)?;
    equal("delivered", &ledger.delivered(), &(events + 1))?;
    let figures = Figures::of("written before it was refused", format!("{} of 1 GB", bytes(asked.get() * PART)));
    let figures = figures.and("allocated at once", bytes(allocated.bytes_max));
    let figures = figures.and("a Serialize of", time(long)).and("events beside it", events);
    Ok(figures.and("longest of their calls", time(longest)))
}

/// Tracks until `is_over`; tells how many events there were and how long the longest call took.
fn neighbours(analytics: &analytics_core::Analytics, is_over: impl Fn() -> bool) -> (u64, Duration) {
    let (mut events, mut longest) = (0, Duration::ZERO);
    while !is_over() {
        let begun = Instant::now();
        track(analytics, events..events + 1);
        longest = longest.max(begun.elapsed());
        events += 1;
        thread::sleep(Duration::from_millis(1));
    }
    (events, longest)
}
