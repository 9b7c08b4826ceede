//! Numbers that JSON cannot carry.

use analytics_core::{Actor, Event, Json, Properties, PropertyValue};
use analytics_inspector::ReceivedEvent;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, equal, inspector, settled, sink};
use crate::row::{Outcome, Proof, Row, Tier};

pub(super) const ROW: Row = Row {
    number: 66,
    fault: "NaN and infinities, bare, in lists, in objects, in `Json`",
    must: "that property is left out and counted, the event is kept; never a silent null",
    proof: Proof::Inline(not_finite),
};

#[derive(Properties, PropertyValue)]
struct Nested {
    inner: f64,
}

#[derive(Event)]
#[event(name = "measured")]
struct Measured {
    double: f64,
    single: f32,
    list: Vec<f64>,
    object: Nested,
    json: Json<Vec<Option<f64>>>,
    good: f64,
}

const BAD_PROPERTIES: u64 = 5;

fn not_finite(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    let bad = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for number in bad {
        #[expect(clippy::cast_possible_truncation, reason = "not finite either way")]
        let single = number as f32;
        let event = Measured {
            double: number,
            single,
            list: vec![1.0, number],
            object: Nested { inner: number },
            json: Json(vec![Some(number)]),
            good: 0.5,
        };
        analytics.track(Actor::user("u1"), event);
    }
    let events = bad.len() as u64;
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, events)?;
    equal("delivered", &ledger.delivered(), &events)?;
    equal("properties left out", &ledger.properties_dropped(), &(BAD_PROPERTIES * events))?;
    let received = inspector.events();
    for event in &received {
        equal("the good one", &event.property("good").and_then(|good| good.as_f64()).or_fail("good")?, &0.5)?;
    }
    let nulls: Vec<_> = received.iter().map(ReceivedEvent::json).filter(|json| json.contains("null")).collect();
    let figures = Figures::of("events kept", received.len()).and("properties left out", ledger.properties_dropped());
    figures.and_none_of("events with a silent null", &nulls)
}
