//! Packets that vanish without a word.

use std::time::{Duration, Instant};

use analytics_inspector::{Inspector, InspectorOptions};

use super::namespace::Namespace;
use super::remote::{RemoteService, command};
use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, MOMENT};
use crate::unmet::{Unmet, ensure};

/// Before there is a connection, and over one that there was.
pub(super) fn ends(tier: Tier) -> Outcome {
    let (connect, request) = tier.pick((500, 1_500), (5_000, 15_000));
    let slack = tier.pick(Duration::from_secs(2), Duration::from_millis(50));
    let namespace = Namespace::new(29, &["nft"], &[])?;
    let inspector = Inspector::start(InspectorOptions::default().with_address(namespace.host))?;
    let url = format!("http://{}", inspector.addr());
    let vanishing = format!("tcp dport {}", inspector.addr().port());
    // One request at a time: a second one would have a connection of its own, and end sooner.
    let (connect_setting, request_setting) = (format!("connect_ms={connect}"), format!("request_ms={request}"));
    let settings = [&connect_setting, &request_setting, "in_flight=1", "interval_ms=50"];
    let mut service = RemoteService::started(namespace.command(&command()?), &url, &settings)?;
    namespace.swallow("output", &vanishing)?;
    let (connecting, slowest) = attempt(&mut service)?;
    namespace.stop_swallowing()?;
    ensure(inspector.wait_for(1_100, LONG), || "healed, and nothing arrives".to_owned())?;
    service.ask_until(LONG, |reply| reply.number("pending") == 0 && reply.text("health") == "Ok")?;
    // Now there is a connection, and what is sent over it goes nowhere.
    namespace.swallow("output", &vanishing)?;
    let (established, _) = attempt(&mut service)?;
    namespace.stop_swallowing()?;
    let healed = Instant::now();
    ensure(inspector.wait_for(2_200, LONG), || "healed, and nothing arrives".to_owned())?;
    let recovery = healed.elapsed();
    let last = service.shutdown(LONG)?;
    let (connect, request) = (Duration::from_millis(connect), Duration::from_millis(request));
    // The flush interval is over before the attempt begins.
    let begins_within = Duration::from_millis(60);
    for (attempt, timeout) in [(connecting, connect), (established, request)] {
        // A request ends a moment before its attempt does.
        ensure(attempt + MOMENT >= timeout, || format!("{attempt:?} is no timeout of {timeout:?}: nothing vanished"))?;
        ensure(attempt <= timeout + begins_within + slack, || format!("{attempt:?} for a timeout of {timeout:?}"))?;
    }
    Figures::of("connect timeout", time(connect))
        .and("attempt without a connection", time(connecting))
        .and("attempt over a dead connection", time(established))
        .and("slowest track meanwhile", time(slowest))
        .and("arrived after healing within", time(recovery))
        .and_none("lost", service.undelivered(&last))
}

/// How long an attempt takes until it is given up, and the slowest `track` meanwhile.
fn attempt(service: &mut RemoteService) -> Result<(Duration, Duration), Unmet> {
    let begun = Instant::now();
    service.track(100, 0)?;
    let slowest = service.track(1_000, 0)?.slowest();
    ensure(slowest < Duration::from_secs(1), || format!("a track took {slowest:?}"))?;
    service.ask_until(LONG, |reply| reply.text("health") != "Ok")?;
    Ok((begun.elapsed(), slowest))
}
