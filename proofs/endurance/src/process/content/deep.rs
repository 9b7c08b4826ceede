//! Values nested without end.

use analytics_core::property::{PropertyType, ValueList};
use analytics_core::{
    Actor, DynamicEvent, Event, Json, Key, OwnedValue, Properties, PropertyValue, PropertyVisitor, Value,
};
use serde::{Serialize, Serializer};

use crate::figures::{Figures, grouped};
use crate::harness::fixture::{LONG, OrFail, equal, inspector, sink};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 67,
    fault: "nesting 20,000 levels deep: lists, objects, `Json`, values built at run time",
    must: "refused at 64 levels, before the stack ends",
    proof: Proof::Inline(deep),
};

/// In a process of its own, because a stack that ends is the end of the process.
pub(super) const SUBPROCESS: Subprocess = ("deep", |arguments| subprocess::finish(in_subprocess(arguments)));

const LEVELS: u32 = 20_000;
const LIMIT: u32 = 64;
const TRIED: [u32; 3] = [LIMIT, LIMIT + 1, LEVELS];
const KINDS: [&str; 5] = ["list", "object", "json", "copied", "built"];

/// Nested as deep as its number says; each level is made when it is looked at.
struct Lists(u32);

impl ValueList for Lists {
    fn visit_values(&self, visit: &mut dyn FnMut(Value<'_>)) {
        if self.0 > 1 {
            visit(Value::List(&Lists(self.0 - 1)));
        }
    }
}

impl PropertyValue for Lists {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(Value::List(self))
    }
}

struct Objects(u32);

impl Properties for Objects {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        if self.0 > 1 {
            visitor.value(&Key::new("o"), Value::Object(&Objects(self.0 - 1)));
        }
    }
}

impl PropertyValue for Objects {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(Value::Object(self))
    }
}

struct Sequences(u32);

impl Serialize for Sequences {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0 > 1).then(|| Sequences(self.0 - 1)))
    }
}

#[derive(Event)]
#[event(name = "deep")]
struct Deep<T: PropertyValue> {
    value: T,
}

fn deep(_tier: Tier) -> Outcome {
    let (mut accepted, mut refused, mut aborted) = (0, 0, Vec::new());
    for kind in KINDS {
        let inspector = inspector()?;
        let ended = subprocess::run(subprocess::command("deep", &[&inspector.url(), kind])?, LONG)?;
        if ended.status.is_some_and(|status| status.code().is_none()) {
            aborted.push(kind);
            continue;
        }
        let ended = ended.succeeded()?;
        ended.settled(3)?;
        equal(kind, &(ended.number("delivered")?, ended.number("too_deep")?), &(1, 2))?;
        equal("arrived", &inspector.totals().unique_events, &1)?;
        accepted += inspector.totals().unique_events;
        refused += ended.number("too_deep")?;
    }
    let [limit, above, levels] = TRIED.map(grouped);
    let figures = Figures::of("kinds of nesting", KINDS.len());
    let figures = figures.and("of each levels", format!("{limit}, {above} and {levels}"));
    figures.and("accepted", accepted).and("refused as too deep", refused).and_none_of("aborts", &aborted)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    let kind = subprocess::argument(arguments, 1)?.to_owned();
    let tracking = analytics.clone();
    // On a stack of the usual size of a thread of the service.
    let thread = std::thread::spawn(move || {
        for levels in TRIED {
            let actor = Actor::user("u1");
            match kind.as_str() {
                "list" => tracking.track(actor, Deep { value: Lists(levels) }),
                "object" => tracking.track(actor, Deep { value: Objects(levels) }),
                "json" => tracking.track(actor, Deep { value: Json(Sequences(levels)) }),
                "copied" => {
                    let event = DynamicEvent::new("deep").with("value", Value::List(&Lists(levels)));
                    tracking.track(actor, event);
                }
                _ => tracking.track(actor, DynamicEvent::new("deep").with("value", &built(levels))),
            }
        }
    });
    thread.join().ok().or_fail("the thread panicked")?;
    let ledger = analytics.shutdown_blocking(LONG);
    subprocess::tell_ledger(&ledger);
    Ok(())
}

/// A value that was built level by level, and is dropped after use.
fn built(levels: u32) -> OwnedValue {
    (1..levels).fold(OwnedValue::List(Vec::new()), |inner, _| OwnedValue::List(vec![inner]))
}
