//! A server that finds batches too large.

use std::time::Instant;

use analytics_core::DropReason;
use analytics_inspector::Fault;

use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, arrived_but, inspector_with, noise};
use crate::unmet::ensure;

const LIMIT: usize = 20_000;

/// 413 above a size, and one event that is above it alone.
pub(super) fn above_a_size(tier: Tier) -> Outcome {
    let events = tier.pick(300, 2_000);
    let inspector = inspector_with(Fault::status(413).if_content_exceeds(LIMIT).always())?;
    let service = Service::at(&inspector)?;
    (0..events / 2).for_each(|_| service.track());
    service.track_with(&noise(LIMIT + 1));
    (0..events / 2).for_each(|_| service.track());
    let ledger = service.shutdown(LONG)?;
    arrived_but(1, DropReason::TooLarge, &ledger, &inspector)?;
    let requests = inspector.totals().requests;
    let most = 2 * ledger.captured() - 1;
    ensure(requests <= most, || format!("{requests} requests, at most {most}"))?;
    Ok(Figures::of("events", ledger.captured())
        .and_none("lost of those below the limit", (ledger.captured() - 1).abs_diff(inspector.totals().unique_events))?
        .and("dropped as too large", ledger.dropped(DropReason::TooLarge))
        .and("requests", requests)
        .and("bound", most))
}

/// 413 for everything.
pub(super) fn always(tier: Tier) -> Outcome {
    let events = tier.pick(200, 1_000);
    let inspector = inspector_with(Fault::status(413).always())?;
    let service = Service::at(&inspector)?;
    let begun = Instant::now();
    service.track_many(events);
    let ledger = service.shutdown(LONG)?;
    let (requests, most) = (inspector.totals().requests, 2 * events - 1);
    ensure(ledger.dropped(DropReason::TooLarge) == events, || format!("{ledger}"))?;
    ensure(requests <= most, || format!("{requests} requests, at most {most}"))?;
    Ok(Figures::of("events", events)
        .and("dropped as too large", ledger.dropped(DropReason::TooLarge))
        .and("requests", requests)
        .and("bound", most)
        .and("took", time(begun.elapsed())))
}
