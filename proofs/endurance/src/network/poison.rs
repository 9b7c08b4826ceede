//! A server that refuses a whole batch, for one event's sake or for none.

use std::collections::HashSet;

use analytics_core::{DropReason, Settlement, block_on};
use analytics_inspector::Fault;

use crate::figures::{Figures, ratio};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, arrived_but, inspector_with};
use crate::unmet::ensure;

/// 400 for whatever holds a marker. The answer to the poisonous event names it.
pub(super) fn one_event(tier: Tier) -> Outcome {
    let (events, poison) = tier.pick((500, 5), (5_000, 50));
    let inspector = inspector_with(Fault::status(400).if_body_contains("poison").always())?;
    let service = Service::at(&inspector)?;
    let (mut good, mut bad) = (HashSet::new(), Vec::new());
    for number in 0..events {
        if number % (events / poison) == 7 {
            bad.push(service.send_with("poison"));
        } else {
            good.insert(service.send_with("").id().to_string());
        }
    }
    let ledger = service.shutdown(LONG)?;
    arrived_but(poison, DropReason::Refused, &ledger, &inspector)?;
    // As many arrived as are good: if none of those is missing, no other did.
    let arrived = inspector.uuids();
    let missing: Vec<_> = good.difference(&arrived).collect();
    let named = bad.into_iter().map(block_on).filter(|end| *end == Settlement::Dropped(DropReason::Refused)).count();
    ensure(named as u64 == poison, || format!("{named} of {poison} poisonous events were told"))?;
    Ok(Figures::of("good events", good.len())
        .and_none_of("of them lost", &missing)?
        .and("poisonous events told by name", named)
        .and("requests", inspector.totals().requests))
}

/// 400 for everything, as a wrong address answers. Each round is a flush, so that no batch is larger than a round.
pub(super) fn everything(tier: Tier) -> Outcome {
    let (rounds, a_round) = tier.pick((20, 100), (200, 100));
    let inspector = inspector_with(Fault::status(400).always())?;
    let service = Service::at(&inspector)?;
    let mut first = 0;
    for round in 0..rounds {
        service.track_many(a_round);
        let ledger = service.flush(LONG)?;
        ensure(ledger.is_settled(), || format!("{ledger}"))?;
        if round == 0 {
            first = inspector.totals().requests;
        }
    }
    let ledger = service.shutdown(LONG)?;
    let (events, requests) = (rounds * a_round, inspector.totals().requests);
    ensure(ledger.dropped(DropReason::Refused) == events, || format!("{ledger}"))?;
    ensure((requests - first) * 100 <= 120 * (events - a_round), || {
        format!("{requests} requests for {events} events")
    })?;
    Ok(Figures::of("events", events)
        .and("dropped as refused", ledger.dropped(DropReason::Refused))
        .and("requests for the first 100", first)
        .and("requests per event then", ratio(requests - first, events - a_round)))
}
