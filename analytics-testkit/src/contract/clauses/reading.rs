//! Clause 7: a record is read only through its visitors.

use std::sync::Arc;

use analytics_core::{Actor, Analytics, DropReason, Filter};

use super::{Make, ensure};
use crate::contract::hostile;

pub(super) fn leaves_hidden_properties_alone(make: &Make) -> Result<(), String> {
    let sink = make();
    let analytics = Analytics::new(Filter::new(Arc::clone(&sink)).without_properties([hostile::KEY]));
    // All but those that panic while they are visited, which no filter can hinder.
    for event in hostile::all().iter().skip(1) {
        let before = sink.ledger();
        analytics.track(Actor::user("u1"), event);
        let after = sink.ledger();
        for reason in [DropReason::Panicked, DropReason::TooLarge, DropReason::Unencodable] {
            let dropped = after.dropped(reason) - before.dropped(reason);
            ensure!(dropped == 0, "a property that {} was hidden, and its event was dropped as {reason}", event.does);
        }
        let left_out = after.properties_dropped() - before.properties_dropped();
        ensure!(left_out == 0, "a property that {} was hidden, and still was counted as left out", event.does);
    }
    Ok(())
}
