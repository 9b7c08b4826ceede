//! Whole numbers beyond what a double can carry.

use analytics_core::{Actor, DynamicEvent, Event, Json};
use fastrand::Rng;

use super::pairs::Pairs;
use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, equal, inspector, settled, sink_in_order};
use crate::row::{Outcome, Proof, Row, Tier};

pub(super) const ROW: Row = Row {
    number: 73,
    fault: "whole numbers beyond 2^53, of 128 bits, and decimals of many digits",
    must: "every digit arrives",
    proof: Proof::Inline(whole),
};

#[derive(Event)]
#[event(name = "whole")]
struct Whole {
    signed: i128,
    unsigned: u128,
    long: u64,
    json: Json<(u128, i64)>,
    real: f64,
}

fn whole(tier: Tier) -> Outcome {
    let events = tier.pick(2_000, 50_000);
    let seed = fastrand::u64(..);
    let mut random = Rng::with_seed(seed);
    let inspector = inspector()?;
    let analytics = sink_in_order(&inspector.url())?;
    let edges = [0, 1, (1 << 53) - 1, (1 << 53) + 1, u128::from(u64::MAX), u128::from(u64::MAX) + 1, u128::MAX];
    let mut expected = Vec::new();
    for index in 0..events {
        let unsigned = edges.get(index).copied().unwrap_or_else(|| random.u128(..) >> random.u8(..128));
        let (signed, long, short) = (random.i128(..) >> random.u8(..128), random.u64(..), random.i64(..));
        let real = f64::from_bits(random.u64(..));
        let real = if real.is_finite() { real } else { 0.1 };
        expected.push((signed, unsigned, long, short, real));
        let event = Whole { signed, unsigned, long, json: Json((unsigned, short)), real };
        analytics.track(Actor::user("u1"), event);
    }
    // As a service sends a decimal that has no type: as a text, with a note in its name.
    let decimal = "3.".to_owned() + &"1415926535".repeat(20);
    analytics.track(Actor::user("u1"), DynamicEvent::new("decimal").with("decimal_text", decimal.as_str()));
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, events as u64 + 1)?;
    let received = inspector.events_named("whole");
    equal("arrived", &received.len(), &events)?;
    let mut mismatches = Vec::new();
    for (event, (signed, unsigned, long, short, real)) in received.iter().zip(expected) {
        let json = Pairs::parse(event.properties_json().or_fail("no properties")?).or_fail("no object")?;
        let text = |key| json.all(key).first().copied().unwrap_or_default().to_owned();
        let found = (text("signed"), text("unsigned"), text("long"), text("json"));
        let wanted = (signed.to_string(), unsigned.to_string(), long.to_string(), format!("[{unsigned},{short}]"));
        let is_same_real = text("real").parse().is_ok_and(|read: f64| read.to_bits() == real.to_bits());
        if found != wanted || !is_same_real {
            mismatches.push(format!("{wanted:?} {real:?}: {found:?} {}", text("real")));
        }
    }
    let read = inspector.events_named("decimal").first().and_then(|event| event.property("decimal_text"));
    equal("the decimal", &read.as_ref().and_then(|read| read.as_str()), &Some(&*decimal))?;
    let figures = Figures::of("events", received.len()).and("seed", seed).and("numbers", 6 * received.len());
    figures.and_none_of("events with another number", &mismatches)
}
