//! A host that ships log lines as events, ours among them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use analytics_core::{Actor, Analytics, DynamicEvent};
use analytics_inspector::Fault;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, config, equal, inspector, spawn, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 45,
    fault: "the host ships our own log lines as events",
    must: "events from the worker's thread are refused and counted; nothing feeds on itself",
    proof: Proof::Inline(feedback),
};

/// In a process of its own, because the worker's lines go to the subscriber of the whole process.
pub(super) const SUBPROCESS: Subprocess = ("feedback", |arguments| subprocess::finish(in_subprocess(arguments)));

/// Ships every line of `tracing` and of `log`, the HTTP client's included.
struct Shipping(Arc<OnceLock<Analytics>>);

impl Shipping {
    fn ship(&self) {
        if let Some(analytics) = self.0.get() {
            analytics.track(Actor::service("logs"), DynamicEvent::new("line"));
        }
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Shipping {
    fn on_event(&self, _event: &tracing::Event<'_>, _context: Context<'_, S>) {
        self.ship();
    }
}

impl log::Log for Shipping {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, _record: &log::Record<'_>) {
        self.ship();
    }

    fn flush(&self) {}
}

fn feedback(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    inspector.inject(Fault::status(503).times(3));
    let ended = subprocess::run(subprocess::command("feedback", &[&inspector.url()])?, LONG)?.succeeded()?;
    let refused = ended.number("feedback")?;
    ensure(refused > 0, || "no line of the worker's came".to_owned())?;
    equal("arrived", &inspector.totals().unique_events, &ended.number("delivered")?)?;
    ended.settled(ended.number("captured")?)?;
    let figures = Figures::of("events refused on the worker's thread", refused);
    let figures = figures.and("requests in all", inspector.totals().requests);
    figures.and_none("requests while idle", ended.number("idle_requests")?)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let handle = Arc::new(OnceLock::new());
    tracing_subscriber::registry().with(Shipping(Arc::clone(&handle))).try_init().or_fail("the subscriber")?;
    log::set_boxed_logger(Box::new(Shipping(Arc::clone(&handle)))).or_fail("the logger")?;
    log::set_max_level(log::LevelFilter::Trace);
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    config.delivery.flush_interval = Duration::from_millis(20);
    let analytics = spawn(config)?;
    handle.set(analytics.clone()).ok().or_fail("the handle")?;
    track(&analytics, 0..10);
    // Refused, which is logged on this thread, and shipped.
    analytics.track(Actor::user("null"), DynamicEvent::new("refused"));
    let ledger = analytics.flush_blocking(LONG);
    ensure(ledger.is_settled(), || format!("not settled: {ledger}"))?;
    let before = ledger.traffic().requests;
    // Twenty intervals in which nobody tracks: what came back as an event would make a request.
    std::thread::sleep(Duration::from_millis(400));
    subprocess::tell("idle_requests", analytics.ledger().traffic().requests - before);
    subprocess::tell_ledger(&analytics.shutdown_blocking(LONG));
    Ok(())
}
