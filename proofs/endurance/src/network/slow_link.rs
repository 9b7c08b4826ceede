//! A link of 64 kbit a second.

use std::time::{Duration, Instant};

use analytics_inspector::{Inspector, InspectorOptions};

use super::namespace::Namespace;
use super::remote::{RemoteService, command};
use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::service::LONG;
use crate::unmet::{Unmet, ensure};

/// A backlog that a service has after an outage.
#[derive(Clone, Copy, Debug)]
struct Backlog {
    events: u64,
    /// Noise in each, which does not shrink.
    bytes: usize,
    timeout: Duration,
    within: Duration,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
struct Passage {
    took: Duration,
    repeats: u64,
    given_up: u64,
    lost: u64,
}

/// Backlogs in batches of the default size: of usual events, which compress well, and of noise, of which a batch
/// takes longer than a timeout.
pub(super) fn modem(tier: Tier) -> Outcome {
    let backlog = |(events, bytes, timeout, within)| Backlog {
        events,
        bytes,
        timeout: Duration::from_millis(timeout),
        within: Duration::from_secs(within),
    };
    let usual = backlog(tier.pick((400, 0, 2_000, 30), (6_000, 0, 15_000, 300)));
    let noise = backlog(tier.pick((30, 1_000, 2_000, 60), (1_000, 1_000, 15_000, 400)));
    let namespace = Namespace::new(28, &["tc"], &[])?;
    namespace.shape("64kbit")?;
    let a_minute = |backlog: Backlog, passage: Passage| backlog.events * 60 / passage.took.as_secs().max(1);
    let shown = |passage: Passage| format!("{} and {}", passage.repeats, passage.given_up);
    let passage = pass(&namespace, usual)?;
    let lost = passage.lost;
    let figures = Figures::of("usual events a minute", a_minute(usual, passage))
        .and("repeats and attempts given up", shown(passage));
    let passage = pass(&namespace, noise).map_err(|unmet| match unmet {
        Unmet::Failed(why) => Unmet::Failed(format!("{figures}, but {why}")),
        skipped @ Unmet::Skipped(_) => skipped,
    })?;
    figures
        .and("events of 1 kB of noise a minute", a_minute(noise, passage))
        .and("repeats and attempts given up", shown(passage))
        .and_none("lost", lost + passage.lost)
}

fn pass(namespace: &Namespace, backlog: Backlog) -> Result<Passage, Unmet> {
    let Backlog { events, bytes, timeout, within } = backlog;
    let inspector = Inspector::start(InspectorOptions::default().with_address(namespace.host))?;
    let (url, timeout) = (format!("http://{}", inspector.addr()), format!("request_ms={}", timeout.as_millis()));
    let mut service = RemoteService::started(namespace.command(&command()?), &url, &["interval_ms=200", &timeout])?;
    // What a service has now and then passes as ever.
    service.track(10, 100)?;
    ensure(inspector.wait_for(10, LONG), || "not even ten small events pass".to_owned())?;
    service.track(events, bytes)?;
    let begun = Instant::now();
    ensure(inspector.wait_for(events + 10, within), || {
        let (totals, attempts) = (inspector.totals(), service.ask("look").map_or(0, |reply| reply.number("requests")));
        format!(
            "of {events} events with {bytes} bytes of noise {} arrived in {within:?} ({timeout}); {attempts} attempts \
             ended, {} came through, {} events arrived twice",
            totals.unique_events - 10,
            totals.requests - totals.requests_refused,
            totals.duplicate_events,
        )
    })?;
    let took = begun.elapsed();
    let last = service.shutdown(LONG)?;
    let totals = inspector.totals();
    ensure(totals.duplicate_events <= events, || format!("a storm of repeats: {totals}"))?;
    let given_up = last.number("requests").saturating_sub(totals.requests - totals.requests_refused);
    Ok(Passage { took, repeats: totals.duplicate_events, given_up, lost: service.undelivered(&last) })
}
