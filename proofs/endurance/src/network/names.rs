//! Names that are not found, or lead elsewhere.

use std::time::{Duration, Instant};

use analytics_inspector::{Inspector, InspectorOptions};

use super::namespace::Namespace;
use super::remote::{RemoteService, command};
use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, wait_until};
use crate::unmet::ensure;

const LOOKUP: (&str, &str) = ("nsswitch.conf", "hosts: files dns\n");

/// No resolver, and one that never answers: only the worker waits for it.
pub(super) fn not_found(tier: Tier) -> Outcome {
    let (runs, bound) = (tier.pick(1, 10), Duration::from_secs(1));
    let slack = tier.pick(Duration::from_secs(2), Duration::from_millis(50));
    let namespace = Namespace::new(22, &["nft"], &[LOOKUP, ("resolv.conf", "")])?;
    let mut figures = Figures::default();
    // On the loopback nobody listens, which is told at once; what the other host says is swallowed.
    let failing = "nameserver 127.0.0.1\n".to_owned();
    let hanging = format!("nameserver {}\noptions timeout:30 attempts:1\n", namespace.other_host);
    namespace.swallow("input", &format!("ip saddr {}", namespace.other_host))?;
    for (resolver, hangs, shutdown_named) in
        [(failing, false, "no resolver: longest shutdown"), (hanging, true, "hanging resolver: longest shutdown")]
    {
        namespace.write("resolv.conf", &resolver)?;
        let (mut longest, mut slowest) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..runs {
            let inside = namespace.command(&command()?);
            let mut service = RemoteService::started(inside, "http://events.invalid", &["interval_ms=50"])?;
            service.track(100, 0)?;
            let mut kept = service.flush(Duration::from_millis(300))?;
            if !hangs {
                kept = service.ask_until(LONG, |reply| reply.text("health") != "Ok")?;
            }
            ensure((kept.number("pending"), kept.number("lost")) == (100, 0), || format!("{kept:?}"))?;
            ensure(hangs == (kept.text("health") == "Ok"), || format!("hangs: {hangs}, but {kept:?}"))?;
            slowest = slowest.max(service.track(1_000, 0)?.slowest());
            let reply = service.shutdown(bound)?;
            ensure(reply.number("abandoned") == 1_100, || format!("{reply:?}"))?;
            longest = longest.max(reply.took());
            let begun = Instant::now();
            let status = service.end()?;
            ensure(status.success(), || format!("the process ended with {status}"))?;
            ensure(begun.elapsed() < Duration::from_secs(5), || "the look-up holds the process".to_owned())?;
        }
        ensure(longest <= bound + slack, || format!("a shutdown of {bound:?} took {longest:?}"))?;
        ensure(slowest < Duration::from_secs(1), || format!("a track took {slowest:?}"))?;
        figures = figures.and(shutdown_named, time(longest)).and("slowest track", time(slowest));
    }
    Ok(figures.and("bound", time(bound)).and("runs each", runs))
}

/// A name gets another address. The old server closes its connections, and at full size also lives on.
pub(super) fn moved(tier: Tier) -> Outcome {
    let namespace = Namespace::new(23, &[], &[LOOKUP, ("hosts", "")])?;
    let at = |host, port| Inspector::start(InspectorOptions::default().with_address(host).with_port(port));
    let old = at(namespace.host, 0)?;
    let port = old.addr().port();
    let new = at(namespace.other_host, port)?;
    let url = format!("http://events.test:{port}");
    let hosts = |host| format!("127.0.0.1 localhost\n{host} events.test\n");
    namespace.write("hosts", &hosts(namespace.host))?;
    let mut service = RemoteService::started(namespace.command(&command()?), &url, &["interval_ms=50"])?;
    service.track(1, 0)?;
    ensure(old.wait_for(1, LONG), || "nothing arrived at the old address".to_owned())?;
    let mut figures = Figures::default();
    let mut tracked = 1;
    namespace.write("hosts", &hosts(namespace.other_host))?;
    if tier == Tier::Full {
        let is_moved = || new.totals().unique_events > 0;
        let (begun, before) = (Instant::now(), tracked);
        while begun.elapsed() < Duration::from_secs(60) && !is_moved() {
            service.track(1, 0)?;
            tracked += 1;
            wait_until(Duration::from_secs(1), is_moved);
        }
        figures = figures.and("events in 60 s, one a second", tracked - before);
        // The connection in use may be kept.
        figures = figures.and("of them at the new address", new.totals().unique_events);
        // Longer than an idle connection is kept.
        std::thread::sleep(Duration::from_secs(31));
        let (before, at_the_old) = (new.totals().unique_events, old.totals().unique_events);
        service.track(1, 0)?;
        tracked += 1;
        ensure(new.wait_for(before + 1, LONG), || {
            "after 31 s without an event it still uses the old address".to_owned()
        })?;
        let at_the_old = old.totals().unique_events - at_the_old;
        figures = figures.and_none("events at the old address after 31 s without any", at_the_old)?;
        namespace.write("hosts", &hosts(namespace.host))?;
    }
    // Now the server in use goes away, which ends its connections.
    let (away, stays) = if tier == Tier::Full { (new, old) } else { (old, new) };
    let before = stays.totals().unique_events;
    let arrived_there = away.totals().unique_events;
    drop(away);
    let begun = Instant::now();
    service.track(1, 0)?;
    tracked += 1;
    ensure(stays.wait_for(before + 1, LONG), || "nothing arrived at the new address".to_owned())?;
    let switch = begun.elapsed();
    let last = service.shutdown(LONG)?;
    ensure(last.number("delivered") == tracked && last.number("lost") == 0, || format!("{last:?}"))?;
    let arrived = arrived_there + stays.totals().unique_events;
    figures.and("after a close of the connection", time(switch)).and_none("lost", tracked.abs_diff(arrived))
}
