//! Ids that are odd, or that PostHog takes for nobody's.

use analytics_core::{Actor, DropReason, DynamicEvent, Ledger};

use super::delivered::{Delivered, PROTOCOLS};
use crate::figures::Figures;
use crate::harness::fixture::OrFail;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::ensure;

pub(super) const ROW: Row = Row {
    number: 99,
    fault: "ids with white space around them, and ids that one protocol takes from their person: `NULL`, `[object object]`",
    must: "one rule for both protocols: trimmed, or refused by name, or delivered without a person",
    proof: Proof::Inline(ids),
};

/// What becomes of the events of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// They are delivered under this id, with a person.
    Person(&'static str),
    /// They are delivered under this id, without a person.
    Personless(&'static str),
    /// They are refused.
    Refused,
}

use Fate::{Person, Personless, Refused};

const USERS: &[(&str, Fate)] = &[
    ("u1", Person("u1")),
    (" u1", Person("u1")),
    ("u1\n", Person("u1")),
    ("\tu1\r\n", Person("u1")),
    ("\u{a0}u1\u{2003}", Person("u1")),
    ("u 1", Person("u 1")),
    ("42", Person("42")),
    ("00", Person("00")),
    ("Ünïcode 📰", Person("Ünïcode 📰")),
    ("nullify", Person("nullify")),
    ("", Refused),
    (" \n", Refused),
    ("\"\"", Refused),
    ("null", Refused),
    ("NULL", Refused),
    (" Null ", Refused),
    ("\"null\"", Refused),
    ("'undefined'", Refused),
    ("undefined", Refused),
    ("None", Refused),
    ("NaN", Refused),
    ("0", Refused),
    ("true", Refused),
    ("False", Refused),
    ("guest", Refused),
    ("GUEST", Refused),
    ("anonymous", Refused),
    ("distinct_id", Refused),
    ("distinctId", Refused),
    ("id", Refused),
    ("email", Refused),
    ("not_authenticated", Refused),
    ("[object Object]", Refused),
    ("[OBJECT OBJECT]", Refused),
];

/// The names of programs.
const SERVICES: &[(&str, Fate)] = &[
    ("backend", Personless("backend")),
    (" Backend", Personless("Backend")),
    ("system", Personless("system")),
    ("billing-worker", Personless("billing-worker")),
    ("None", Refused),
];

fn ids(_tier: Tier) -> Outcome {
    let users = USERS.iter().map(|(id, fate)| (Actor::user(*id), fate));
    let services = SERVICES.iter().map(|(id, fate)| (Actor::service(*id), fate));
    let table: Vec<_> = users.chain(services).collect();
    let mut fates = Vec::new();
    for protocol in PROTOCOLS {
        let delivered = Delivered::start(protocol)?;
        let mut before = Ledger::new();
        for (actor, expected) in &table {
            let (events, ledger) = delivered.of(|analytics| analytics.track(*actor, DynamicEvent::new("seen")))?;
            let refused = ledger.dropped(DropReason::InvalidActor) - before.dropped(DropReason::InvalidActor);
            before = ledger;
            let fate = match events.as_slice() {
                [] if refused == 1 => None,
                [event] => Some((event.distinct_id.clone(), !event.is_personless())),
                others => return Err(format!("{actor:?} by {protocol:?}: {others:?}")).or_fail("events"),
            };
            let is_right = match **expected {
                Person(id) => fate == Some((id.to_owned(), true)),
                Personless(id) => fate == Some((id.to_owned(), false)),
                Refused => fate.is_none(),
            };
            ensure(is_right, || format!("{actor:?} by {protocol:?}: {fate:?}, expected {expected:?}"))?;
            fates.push(fate);
        }
    }
    let (v0, v1) = fates.split_at(table.len());
    let differ = v0.iter().zip(v1).filter(|(v0, v1)| v0 != v1).count();
    let refused = v0.iter().filter(|fate| fate.is_none()).count();
    let figures = Figures::of("ids", table.len()).and("of them refused", refused);
    figures.and_none("persons that differ by protocol", differ)
}
