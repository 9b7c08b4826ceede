//! A key that the server does not know.

use std::time::{Duration, Instant};

use analytics_inspector::Fault;

use super::remote::{RemoteService, command};
use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, inspector};
use crate::unmet::ensure;

/// Traffic goes on while the key is refused. The service runs in a process of its own, whose log is counted.
pub(super) fn wrong_key(tier: Tier) -> Outcome {
    let during = tier.pick(Duration::from_secs(3), Duration::from_secs(190));
    let minutes = during.as_secs() / 60;
    let mut figures = Figures::default();
    for (status, requests_named, lines_named) in
        [(401, "requests after the first 401", "log lines"), (403, "requests after the first 403", "log lines")]
    {
        if status == 403 && tier == Tier::Full {
            // The same code path, which the small size runs as well: three minutes are enough once.
            continue;
        }
        let inspector = inspector()?;
        inspector.inject(refusal(status).always());
        let mut service = RemoteService::started(command()?, &inspector.url(), &["interval_ms=100"])?;
        service.track(1, 0)?;
        ensure(inspector.wait_for_requests(1, LONG), || "no request came".to_owned())?;
        service.ask_until(LONG, |reply| reply.number("requests") == 1)?;
        let begun = Instant::now();
        while begun.elapsed() < during {
            service.track(10, 0)?;
            std::thread::sleep(Duration::from_millis(100));
            let (requests, elapsed) = (inspector.totals().requests - 1, begun.elapsed());
            // The minute began a little before this clock.
            let most = (elapsed.as_secs() + 1) / 60;
            ensure(requests <= most, || format!("{requests} requests in {elapsed:?} after the first {status}"))?;
        }
        let requests = inspector.totals().requests - 1;
        let last = service.shutdown(LONG)?;
        ensure(last.number("unauthorized") == last.number("captured"), || format!("{last:?}"))?;
        ensure(last.took() < Duration::from_secs(2), || format!("the shutdown took {:?}", last.took()))?;
        let warnings = service.log().iter().filter(|line| line.contains("sending fails")).count() as u64;
        ensure((1..=minutes + 1).contains(&warnings), || format!("{warnings} log lines: {:?}", service.log()))?;
        figures = figures
            .and(requests_named, requests)
            .and("in", time(during))
            .and(lines_named, warnings)
            .and("dropped as unauthorized", last.number("unauthorized"));
    }
    Ok(figures)
}

/// PostHog's own: its capture server says 401, its application 403.
fn refusal(status: u16) -> Fault {
    let denied = r#"{"type":"authentication_error","code":"permission_denied","detail":"No."}"#;
    if status == 403 { Fault::status(status).with_body(denied) } else { Fault::status(status) }
}
