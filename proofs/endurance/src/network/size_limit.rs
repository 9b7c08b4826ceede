//! A path that resets connections once a request is larger than it likes.

use std::time::Duration;

use analytics_inspector::Inspector;
use analytics_posthog::{Compression, PostHogConfig};

use crate::figures::{Figures, bytes, time};
use crate::proxy::{Proxy, Tamper};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, config, inspector, noise, wait_until};
use crate::unmet::{Unmet, ensure};

/// What passes of a connection.
const LIMIT: usize = 100_000;
/// Events of which each is too large for the path.
const NEVER_PASS: u64 = 4;

/// Batches that fit once they are halved often enough, and events of which each is too large for the path.
pub(super) fn on_the_way(tier: Tier) -> Outcome {
    let (inspector, service) = behind_the_limit(|_| ())?;
    let (events, size) = (tier.pick(400, 4_000), 1_000);
    let padding = noise(size);
    (0..events).for_each(|_| service.track_with(&padding));
    let ledger = service.shutdown(tier.pick(LONG, 5 * LONG))?;
    all_arrived(&ledger, &inspector)?;
    // A batch of a part too many is halved: so many parts, so many halvings but one.
    let parts = (events * (size + 300)).div_ceil(LIMIT / 2);
    let requests = service.requests();
    ensure(requests <= 4 * parts as u64, || format!("{requests} requests for {parts} parts: {ledger}"))?;
    let figures = Figures::of("events of 1 kB", events)
        .and("passed above", format!("{} kB", LIMIT / 1_000))
        .and("delivered", ledger.delivered())
        .and("requests", requests)
        .and("sent", bytes(ledger.traffic().body_bytes));
    too_large_alone(tier, figures)
}

/// Four events that never pass, and a hundred beside them that do. A flush waits for all of them.
fn too_large_alone(tier: Tier, figures: Figures) -> Outcome {
    let (inspector, service) = behind_the_limit(|_| ())?;
    let (padding, waits) = (noise(2 * LIMIT), tier.pick(Duration::from_secs(5), Duration::from_secs(25)));
    (0..NEVER_PASS).for_each(|_| service.track_with(&padding));
    let ledger = service.flush(waits)?;
    ensure(ledger.pending() == NEVER_PASS, || format!("four do not pass: {ledger}"))?;
    let (requests, sent) = (service.requests(), ledger.traffic().body_bytes);
    // Three halvings part them.
    ensure(requests <= 12, || format!("{requests} requests in {waits:?}: {ledger}"))?;
    // Events of their own actor wait behind them, as they must.
    (100..200).for_each(|user| service.track_by(user));
    let others_pass =
        || service.ledger().is_ok_and(|ledger| ledger.delivered() == 100 && ledger.pending() == NEVER_PASS);
    ensure(wait_until(LONG, others_pass), || format!("the others do not pass: {:?}", service.ledger()))?;
    ensure(inspector.totals().unique_events == 100, || inspector.totals().to_string())?;
    let ledger = service.shutdown(Duration::ZERO)?;
    Ok(figures
        .and("events that never pass", NEVER_PASS)
        .and("their requests", format!("{requests} in {}", time(waits)))
        .and("sent", bytes(sent))
        .and("small ones beside them", ledger.captured() - NEVER_PASS)
        .and("of them delivered", ledger.delivered()))
}

fn behind_the_limit(set: impl FnOnce(&mut PostHogConfig)) -> Result<(Inspector, Service), Unmet> {
    let inspector = inspector()?;
    let proxy = Proxy::always(inspector.addr(), Tamper::ResetAfter(LIMIT))?;
    let mut config = config(&proxy.url())?;
    config.options.compression = Compression::None;
    set(&mut config);
    Ok((inspector, Service::start(config)?))
}
