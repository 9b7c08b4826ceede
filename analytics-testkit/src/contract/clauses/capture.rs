//! Clause 1: capture comes back, whatever a record does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use analytics_core::{Actor, Analytics};

use super::{Make, ensure};
use crate::contract::hostile::{self, Recursive};
use crate::contract::records::{Answers, records};

pub(super) fn survives_hostile_properties(make: &Make) -> Result<(), String> {
    let sink = make();
    let analytics = Analytics::new(Arc::clone(&sink));
    for (event, before) in hostile::all().iter().zip(0..) {
        let tracked = catch_unwind(AssertUnwindSafe(|| analytics.track(Actor::user("u1"), event)));
        ensure!(tracked.is_ok(), "capture panics with a property that {}", event.does);
        let counted = sink.ledger().captured() - before;
        ensure!(counted == 1, "a record with a property that {} was counted {counted} times", event.does);
    }
    let before = sink.ledger().captured();
    let answers = Answers::default();
    answers.capture_all(&sink, &records(10));
    ensure!(sink.ledger().captured() - before == 10, "after such records, ordinary ones are not counted any more");
    Ok(())
}

pub(super) fn may_be_called_inside_itself(make: &Make) -> Result<(), String> {
    let sink = make();
    let analytics = Analytics::new(Arc::clone(&sink));
    analytics.track(Actor::user("u1"), Recursive::new(&analytics));
    let counted = sink.ledger().captured();
    // A sink that does not read properties never meets the second one.
    ensure!((1..=2).contains(&counted), "a record and one inside it were counted {counted} times");
    Ok(())
}
