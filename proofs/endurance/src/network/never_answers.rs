//! A server that takes connections and never answers.

use std::time::{Duration, Instant};

use analytics_inspector::{Fault, Inspector};

use crate::figures::{Figures, ratio, time};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, MOMENT, Service, all_arrived, config, inspector, inspector_with, wait_until};
use crate::unmet::{Unmet, ensure};

/// Samples of one measurement.
const SAMPLES: u64 = 10_000;

/// One request hangs: its attempt has an end, and what comes after it is not held up.
pub(super) fn proof(tier: Tier) -> Outcome {
    let timeout = tier.pick(Duration::from_secs(1), Duration::from_secs(15));
    let slack = tier.pick(Duration::from_secs(2), Duration::from_millis(50));
    let inspector = inspector_with(Fault::never_answer())?;
    let mut config = config(&inspector.url())?;
    config.delivery.request_timeout = timeout;
    let service = Service::start(config)?;
    let begun = Instant::now();
    service.track_many(100);
    ensure(inspector.wait_for_requests(1, LONG), || "no request came".to_owned())?;
    service.track_many(100);
    ensure(inspector.wait_for(100, LONG), || "the second batch waits for the first".to_owned())?;
    let beside = begun.elapsed();
    ensure(wait_until(LONG, || service.attempts().len() >= 2), || "the attempt has no end".to_owned())?;
    let attempt = service.attempts().into_iter().max().unwrap_or_default();
    // A request ends a moment before its attempt does.
    ensure(attempt + MOMENT >= timeout, || format!("{attempt:?} is no timeout"))?;
    ensure(attempt < timeout + slack, || format!("the attempt took {attempt:?}, its timeout is {timeout:?}"))?;
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    let (idle, stalled) = p99(tier)?;
    ensure(tier == Tier::Ci || stalled * 2 <= idle * 3, || format!("{stalled:?} against {idle:?}"))?;
    let growing = growing()?;
    Ok(Figures::of("timeout", time(timeout))
        .and("attempt ended after", time(attempt))
        .and("the next batch arrived after", time(beside))
        .and_none("lost", ledger.lost())?
        .and("track p99 idle", time(idle))
        .and("track p99 stalled", time(stalled))
        .and("ratio", ratio(stalled.as_nanos(), idle.as_nanos()))
        .and("p99 while the queue takes new memory", time(growing)))
}

/// What the slowest hundredth of `track` takes while the server answers and while it does not: the best of some
/// rounds, one after the other, so that a busy machine hurts both alike.
fn p99(tier: Tier) -> Result<(Duration, Duration), Unmet> {
    let inspector = inspector()?;
    let (mut idle, mut stalled) = (Duration::MAX, Duration::MAX);
    for _ in 0..tier.pick(1, 10) {
        let service = warmed_up(&inspector)?;
        idle = idle.min(sample(&service)?);
        service.shutdown(LONG)?;
        let service = warmed_up(&inspector)?;
        inspector.inject(Fault::never_answer().always());
        let before = inspector.totals().requests;
        service.track_many(2_000);
        ensure(inspector.wait_for_requests(before + 1, LONG), || "no request came".to_owned())?;
        stalled = stalled.min(sample(&service)?);
        service.shutdown(Duration::ZERO)?;
        inspector.clear_faults();
    }
    Ok((idle, stalled))
}

/// A service whose queue has been as full as it will be, so that no sample pays for the system's giving of memory.
fn warmed_up(inspector: &Inspector) -> Result<Service, Unmet> {
    let service = Service::at(inspector)?;
    inspector.inject(Fault::status(503));
    service.track_many(SAMPLES + 5_000);
    let ledger = service.flush(LONG)?;
    ensure(ledger.is_settled(), || format!("{ledger}"))?;
    Ok(service)
}

/// The same while the queue grows as it never did before, and the system gives it memory page by page.
fn growing() -> Result<Duration, Unmet> {
    let inspector = inspector_with(Fault::never_answer().always())?;
    let service = Service::at(&inspector)?;
    service.track_many(100);
    ensure(inspector.wait_for_requests(1, LONG), || "no request came".to_owned())?;
    let p99 = sample(&service)?;
    service.shutdown(Duration::ZERO)?;
    Ok(p99)
}

fn sample(service: &Service) -> Result<Duration, Unmet> {
    let mut samples: Vec<_> = (0..SAMPLES)
        .map(|_| {
            let begun = Instant::now();
            service.track();
            begun.elapsed()
        })
        .collect();
    samples.sort_unstable();
    let p99 = samples.iter().rev().nth(samples.len() / 100).copied();
    p99.ok_or_else(|| Unmet::Failed("nothing was sampled".to_owned()))
}
