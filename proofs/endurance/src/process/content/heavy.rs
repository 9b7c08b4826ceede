//! Events over a limit of size.

use analytics_core::property::ValueList;
use analytics_core::{Actor, DropReason, Event, Key, Properties, PropertyVisitor, Settlement, Value, block_on};

use crate::figures::{Figures, bytes};
use crate::harness::fixture::{LONG, equal, inspector, settled, sink};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 68,
    fault: "a string of 10 MB, 100,000 properties, a key of 1 MB, a list of 10 MB, a string of a million quotes",
    must: "the event is dropped as too large, decided while it is written",
    proof: Proof::Inline(heavy),
};

const CAP: u64 = 900 * 1_024;

/// Shows what its function shows.
struct Shown<F: Fn(&mut dyn PropertyVisitor)>(F);

impl<F: Fn(&mut dyn PropertyVisitor)> Properties for Shown<F> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        (self.0)(visitor);
    }
}

impl<F: Fn(&mut dyn PropertyVisitor)> Event for Shown<F> {
    fn name(&self) -> &'static str {
        "heavy"
    }

    fn description(&self) -> Option<&'static analytics_core::EventDescription> {
        None
    }
}

struct Words;

impl ValueList for Words {
    fn visit_values(&self, visit: &mut dyn FnMut(Value<'_>)) {
        (0..1_000_000).for_each(|_| visit(Value::Str("ten bytes")));
    }
}

fn heavy(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    let (string, key, quotes) = ("x".repeat(10_000_000), "k".repeat(1_000_000), "\"".repeat(600_000));
    let (mut figures, mut refused) = (Figures::default(), 0);
    let mut send = |name, event: &dyn Fn(&mut dyn PropertyVisitor)| -> Result<(), Unmet> {
        let mut settlement = Settlement::Unsettled;
        let allocated = allocation_counter::measure(|| {
            settlement = block_on(analytics.send(Actor::user("u1"), Shown(event)));
        });
        equal(name, &settlement, &Settlement::Dropped(DropReason::TooLarge))?;
        // A buffer grows by doubling: it may be twice the cap, and its copy while it grows half of that again.
        ensure(allocated.bytes_max <= 3 * CAP, || format!("{name}: {} bytes at once", allocated.bytes_max))?;
        figures = std::mem::take(&mut figures).and(name, format!("{} at once", bytes(allocated.bytes_max)));
        refused += 1;
        Ok(())
    };
    send("string of 10 MB", &|visitor| visitor.value(&Key::new("text"), Value::Str(&string)))?;
    send("displayed 10 MB", &|visitor| visitor.value(&Key::new("text"), Value::Display(&string)))?;
    send("100,000 properties", &|visitor| {
        for n in 0..100_000 {
            visitor.value(&Key::new(&format!("p{n}")), Value::I64(n));
        }
    })?;
    send("key of 1 MB", &|visitor| visitor.value(&Key::new(&key), Value::Bool(true)))?;
    send("list of 10 MB", &|visitor| visitor.value(&Key::new("list"), Value::List(&Words)))?;
    send("600,000 quotes", &|visitor| visitor.value(&Key::new("text"), Value::Str(&quotes)))?;
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, refused)?;
    equal("requests", &inspector.totals().requests, &0)?;
    Ok(Figures::of("refused", refused).and("allocated", format!("({figures})")))
}
