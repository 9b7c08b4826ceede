//! Connections that break: after the server took the request, in the middle of it, and while nothing is sent.

use analytics_inspector::Fault;
use analytics_posthog::{Compression, Health};

use crate::figures::Figures;
use crate::proxy::{Proxy, Tamper};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, config, inspector, noise, wait_until};
use crate::unmet::{Unmet, ensure};

/// The server takes the events, and its answer never gets through.
pub(super) fn after_the_request(tier: Tier) -> Outcome {
    let times = tier.pick(3, 10);
    let inspector = inspector()?;
    let proxy = Proxy::start(inspector.addr(), vec![Tamper::ResetAtAnswer; times])?;
    let service = Service::start(config(&proxy.url())?)?;
    service.track_many(500);
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    ensure(proxy.acted() == times, || format!("{} of {times} connections were reset", proxy.acted()))?;
    let (totals, oracle) = (inspector.totals(), inspector.oracle());
    ensure(oracle.rows.len() as u64 == ledger.captured(), || format!("storage has {} events", oracle.rows.len()))?;
    Ok(Figures::of("answers lost", proxy.acted())
        .and("events on the wire", totals.events_accepted)
        .and("in the storage", oracle.rows.len())
        .and("tracked", ledger.captured()))
}

/// The connection is reset after some of the request: none of it, some of its head, half of its body.
pub(super) fn during_the_request(tier: Tier) -> Outcome {
    // Below the size from which a batch is halved when its connection breaks: each attempt is to meet its cut.
    let (events, a_body) = (10, 20_000);
    let cuts: Vec<_> = [0, 1, 50, 1_000, a_body / 4, a_body / 2].repeat(tier.pick(1, 5));
    let inspector = inspector()?;
    let proxy = Proxy::start(inspector.addr(), cuts.iter().map(|bytes| Tamper::ResetAfter(*bytes)))?;
    let mut config = config(&proxy.url())?;
    config.options.compression = Compression::None;
    let service = Service::start(config)?;
    let padding = noise(a_body / events);
    (0..events).for_each(|_| service.track_with(&padding));
    // Between two failures a flush leaves a tenth of a second.
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    ensure(proxy.acted() == cuts.len(), || format!("{} of {} connections were reset", proxy.acted(), cuts.len()))?;
    Figures::of("resets", proxy.acted()).and("events", ledger.captured()).and_none("lost", ledger.lost())
}

/// The server closes a connection that was to be used again: it tidies up, or a proxy half closes it. A request that
/// crosses the close is another matter: the server may have begun to read it, so it counts as a failure, and is sent
/// again.
pub(super) fn while_idle(tier: Tier) -> Outcome {
    let rounds = tier.pick(20, 300);
    let closed = rounds_with(rounds, Tamper::Pass, true)?;
    let half_closed = rounds_with(rounds, Tamper::HalfCloseAfterAnswer, true)?;
    let crossing = rounds_with(rounds, Tamper::Pass, false)?;
    Figures::of("connections closed", rounds)
        .and_none("failures counted", closed.failures)?
        .and("half closed", rounds)
        .and_none("failures counted", half_closed.failures)?
        .and("closed while the next request is sent", rounds)
        .and("failures counted then", crossing.failures)
        .and_none("lost", [closed, half_closed, crossing].iter().map(|passed| passed.lost).sum::<u64>())
}

/// What came of rounds.
#[derive(Clone, Copy, Debug)]
struct Passed {
    /// Requests that failed.
    failures: u64,
    /// Events that the server does not have.
    lost: u64,
}

/// One event a round, over a connection that is closed after it.
fn rounds_with(rounds: u64, tamper: Tamper, is_idle: bool) -> Result<Passed, Unmet> {
    let inspector = inspector()?;
    if tamper == Tamper::Pass {
        inspector.inject(Fault::close_after_reply().always());
    }
    let proxy = Proxy::start(inspector.addr(), (0..rounds).map(|_| tamper))?;
    let service = Service::start(config(&proxy.url())?)?;
    for round in 1..=rounds {
        service.track();
        let ledger = service.flush(LONG)?;
        ensure(ledger.delivered() == round, || format!("round {round}: {ledger}"))?;
        ensure(service.health() == Health::Ok, || format!("round {round}: {:?}", service.health()))?;
        // A client closes its half once it has seen that the other is closed.
        let is_closed = !is_idle || wait_until(LONG, || proxy.lifetimes().len() as u64 >= round);
        ensure(is_closed, || format!("round {round}: the connection stays open"))?;
    }
    let lost = rounds.abs_diff(inspector.totals().unique_events);
    Ok(Passed { failures: service.requests() - rounds, lost })
}
