//! Names and actors that no server takes.

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent};
use fastrand::Rng;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, equal, inspector, settled, sink};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 69,
    fault: "names and ids that are empty, blank, too long or what broken code sends, mixed with good ones",
    must: "each is dropped under its reason; no request is refused for one, and none is lost after a 200",
    proof: Proof::Inline(names),
};

/// What PostHog refuses, and what is next to it.
const WORDS: [&str; 34] = [
    "",
    " ",
    "\t",
    "\u{a0}",
    "\u{0}",
    "null",
    "NULL",
    "undefined",
    "None",
    "none",
    "nan",
    "NaN",
    "0",
    "00",
    "anonymous",
    "Anonymous",
    "guest",
    "distinct_id",
    "distinctId",
    "id",
    "email",
    "true",
    "false",
    "not_authenticated",
    "[object Object]",
    "\"\"",
    "'null'",
    "u1",
    "user",
    "backend",
    "00000000-0000-0000-0000-000000000000",
    "ä\u{202e}",
    "$pageview",
    "$performance_event",
];

fn names(tier: Tier) -> Outcome {
    let events = tier.pick(5_000, 100_000);
    let seed = fastrand::u64(..);
    let mut random = Rng::with_seed(seed);
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    for number in 0..events {
        one(&analytics, &mut random);
        if number % 5_000 == 4_999 {
            let ledger = analytics.flush_blocking(LONG);
            ensure(ledger.is_settled(), || format!("not settled: {ledger}"))?;
        }
    }
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, events)?;
    let totals = inspector.totals();
    equal(&format!("arrived (seed {seed})"), &totals.unique_events, &ledger.delivered())?;
    // A name of over 200 bytes can be a property's or a group's key as well.
    let reasons = [DropReason::InvalidActor, DropReason::InvalidName, DropReason::TooLarge];
    let refused: u64 = reasons.iter().map(|reason| ledger.dropped(*reason)).sum();
    equal("neither delivered nor refused", &(events - ledger.delivered() - refused), &0)?;
    ensure(refused > 0 && ledger.delivered() > 0, || format!("there was nothing to tell apart: {ledger}"))?;
    for (reason, actor, name) in table() {
        let before = ledger_of_one(&actor, &name)?;
        ensure(before.dropped(reason) == 1, || format!("{actor:?} {name:?}: {before}"))?;
    }
    let figures = Figures::of("random events", events).and("seed", seed).and("delivered", ledger.delivered());
    let figures = figures.and("refused", refused).and_none("refusals by the server", totals.requests_refused)?;
    figures.and_none("lost after a 200", totals.silently_dropped)
}

/// One event of any kind, with a name and an actor from the list, sometimes made longer.
fn one(analytics: &Analytics, random: &mut Rng) {
    let mut word = || {
        let word = random.choice(WORDS).unwrap_or_default();
        let times = if random.u8(..20) == 0 { random.usize(1..60) } else { 1 };
        (word.repeat(times), random.u8(..12))
    };
    let ((id, kind), (name, _), (other, way)) = (word(), word(), word());
    let actor = match kind % 4 {
        0 => Actor::user(&id),
        1 => Actor::anonymous(&id),
        2 => Actor::session(&id),
        _ => Actor::service(&id),
    };
    match way {
        0 => drop(analytics.alias(&other).to_user(&id).track()),
        1 => drop(analytics.identify(&id).track()),
        2 => drop(analytics.group_identify(&name, &id).set(&()).track()),
        3 => analytics.in_group(&name, &id).track(actor, DynamicEvent::new(other)),
        _ => analytics.track(actor, DynamicEvent::new(name).with(&other, other.as_str())),
    }
}

/// What must be refused, with its reason.
fn table() -> Vec<(DropReason, String, String)> {
    let long = "x".repeat(201);
    let id = |id: &str| (DropReason::InvalidActor, id.to_owned(), "good".to_owned());
    let name = |name: &str| (DropReason::InvalidName, "u1".to_owned(), name.to_owned());
    let ids = ["", " ", "null", "undefined", "anonymous", "None", "NaN", "0", "[object Object]", "\u{0}", &long];
    let names = ["", " ", "a\nb", "$performance_event", &long];
    ids.map(id).into_iter().chain(names.map(name)).collect()
}

/// What becomes of one event.
fn ledger_of_one(actor: &str, name: &str) -> Result<analytics_core::Ledger, Unmet> {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    analytics.track(Actor::user(actor), DynamicEvent::new(name));
    Ok(analytics.shutdown_blocking(LONG))
}
