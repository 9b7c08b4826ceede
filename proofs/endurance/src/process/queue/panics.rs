//! Code that panics, the host's and the transport's.

use analytics_core::{Actor, Event, Json};
use serde::{Serialize, Serializer};

use crate::figures::Figures;
use crate::harness::fixture::{LONG, equal, inspector, sink, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 40,
    fault: "code of the host panics while an event is written down",
    must: "that event is dropped and counted, its neighbours arrive",
    proof: Proof::Inline(panics),
};

pub(super) const WORKER: Row = Row {
    number: 40,
    fault: "the worker panics",
    must: "its events wait again; what was in its hands in three panics is dropped; after five restarts the sink closes",
    proof: Proof::External { package: "analytics-delivery", filters: &["panic"] },
};

/// In a process of its own, because every panic writes to its error output.
pub(super) const SUBPROCESS: Subprocess = ("panicking", |arguments| subprocess::finish(in_subprocess(arguments)));

const EVENTS: u64 = 200;

#[derive(Clone, Copy)]
struct Explosive;

impl Serialize for Explosive {
    #[expect(clippy::panic, reason = "the fault")]
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        panic!("a Serialize of the host")
    }
}

impl std::fmt::Display for Explosive {
    #[expect(clippy::panic, reason = "the fault")]
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("a Display of the host")
    }
}

#[derive(Event)]
#[event(name = "exploding")]
struct Exploding {
    before: u32,
    serialized: Json<Option<Explosive>>,
    #[event(display)]
    displayed: Option<Explosive>,
}

fn panics(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let ended = subprocess::run(subprocess::command("panicking", &[&inspector.url()])?, LONG)?.succeeded()?;
    ended.settled(2 * EVENTS)?;
    equal("dropped", &ended.number("panicked")?, &EVENTS)?;
    let panics = ended.errors.matches("of the host").count() as u64;
    equal("panics seen", &panics, &EVENTS)?;
    let lost = EVENTS.abs_diff(inspector.totals().unique_events);
    Figures::of("panics", panics).and("neighbours", EVENTS).and_none("lost neighbours", lost)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    for n in 0..EVENTS {
        track(&analytics, n..n + 1);
        let explosive = (n % 2 == 0).then_some(Explosive);
        let displayed = if explosive.is_none() { Some(Explosive) } else { None };
        analytics.track(Actor::user("u1"), Exploding { before: 1, serialized: Json(explosive), displayed });
    }
    subprocess::tell_ledger(&analytics.shutdown_blocking(LONG));
    Ok(())
}
