//! Many producers and one worker.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use analytics_core::{Actor, Event};
use analytics_inspector::{Inspector, InspectorOptions, ReceivedEvent};

use crate::figures::{Figures, time};
use crate::harness::fixture::{LONG, OrFail, TOLERANCE, config, count, equal, settled, spawn};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::ensure;

pub(super) const ROW: Row = Row {
    number: 44,
    fault: "64 producers and one worker",
    must: "constant traffic starves no timer: no event waits longer than two intervals",
    proof: Proof::Inline(producers),
};

const PRODUCERS: u64 = 64;
const INTERVAL: Duration = Duration::from_millis(250);

#[derive(Event)]
#[event(name = "stamped")]
struct Stamped {
    micros: u64,
}

fn now() -> u64 {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    u64::try_from(micros).unwrap_or(u64::MAX)
}

fn producers(tier: Tier) -> Outcome {
    let during = tier.pick(Duration::from_secs(2), Duration::from_secs(30));
    let oldest = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&oldest);
    let look = move |event: &ReceivedEvent| {
        let micros = event.property("micros").and_then(|micros| micros.as_u64()).unwrap_or(0);
        seen.fetch_max(now().saturating_sub(micros), Ordering::SeqCst);
    };
    let options = InspectorOptions::default().with_observer(look).with_capacity(1_000);
    let inspector = Inspector::start(options).or_fail("the server did not start")?;
    let mut config = config(&inspector.url())?;
    config.delivery.flush_interval = INTERVAL;
    // Only the interval sends, not a number of events.
    (config.delivery.flush_at, config.delivery.batch_events) = (count(10_000), count(10_000));
    let analytics = spawn(config)?;
    let tracked = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..PRODUCERS {
            scope.spawn(|| {
                let begun = Instant::now();
                while begun.elapsed() < during {
                    analytics.track(Actor::user("u1"), Stamped { micros: now() });
                    tracked.fetch_add(1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
    });
    let ledger = analytics.shutdown_blocking(LONG);
    let (tracked, oldest) = (tracked.into_inner(), Duration::from_micros(oldest.load(Ordering::SeqCst)));
    settled(&ledger, tracked)?;
    equal("arrived", &inspector.totals().unique_events, &tracked)?;
    ensure(oldest <= 2 * INTERVAL + TOLERANCE, || format!("an event arrived after {oldest:?}"))?;
    let figures = Figures::of("producers", PRODUCERS).and("events", tracked).and("interval", time(INTERVAL));
    Ok(figures.and("oldest event on arrival", time(oldest)))
}
