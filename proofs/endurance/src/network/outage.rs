//! A server that is away for a while.

use std::time::Duration;

use analytics_inspector::Fault;

use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, inspector, wait_until};
use crate::unmet::ensure;

const A_SECOND: u32 = 100;

/// 503 in the middle of steady traffic.
pub(super) fn unavailable(tier: Tier) -> Outcome {
    let (before, away, after) = tier.pick((300, 1_500, 500), (3_000, 10_000, 3_000));
    let (inspector, [before, away, after]) = (inspector()?, [before, away, after].map(Duration::from_millis));
    let service = Service::at(&inspector)?;
    service.track_steadily(A_SECOND, before);
    inspector.inject(Fault::status(503).during(away));
    service.track_steadily(A_SECOND, away + after);
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    let refused = inspector.totals().requests_refused;
    ensure(refused > 0, || "no request met the outage".to_owned())?;
    Ok(Figures::of("events", ledger.captured())
        .and_none("lost", ledger.lost())?
        .and("requests in the outage", refused)
        .and("sent twice", inspector.totals().duplicate_events))
}

/// Nobody listens on the port for a while. The server holds it with a socket that is bound and never listens.
pub(super) fn refused(tier: Tier) -> Outcome {
    let (inspector, away) = (inspector()?, tier.pick(Duration::from_millis(1_200), Duration::from_secs(3)));
    let service = Service::at(&inspector)?;
    service.track_many(100);
    ensure(inspector.wait_for(100, LONG), || "the first batch did not arrive".to_owned())?;
    let before = service.attempts().len();
    inspector.inject(Fault::refuse_connections().during(away));
    service.track_steadily(A_SECOND, away);
    ensure(wait_until(LONG, || service.attempts().len() > before), || "nobody tried".to_owned())?;
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    let refused = ledger.traffic().requests - inspector.totals().requests;
    ensure(refused > 0, || "no attempt was refused".to_owned())?;
    Ok(Figures::of("events", ledger.captured()).and_none("lost", ledger.lost())?.and("attempts refused", refused))
}
