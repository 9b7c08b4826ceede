//! A wall clock that jumps.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_core::{Actor, Analytics, Clock};
use analytics_inspector::{Fault, Inspector};
use analytics_posthog::{Compression, PostHogSink};

use crate::figures::Figures;
use crate::harness::fixture::{LONG, Numbered, OrFail, config, equal, inspector, settled};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 74,
    fault: "the wall clock jumps a day, to 1970 and to 2100 while events wait to be sent again",
    must: "an event keeps the time of its `track`; every attempt carries the same bytes; intervals do not notice",
    proof: Proof::Inline(jumps),
};

/// The clock of the events. The engine's own is monotonic, and nobody can set it.
#[derive(Clone, Debug)]
struct Jumping(Arc<Mutex<SystemTime>>);

impl Jumping {
    fn jump(&self, to: SystemTime) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for Jumping {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const DAY: Duration = Duration::from_secs(86_400);

fn jumps(tier: Tier) -> Outcome {
    let failures = tier.pick(3, 5);
    let inspector = inspector()?;
    inspector.inject(Fault::status(503).times(failures));
    let mut config = config(&inspector.url())?;
    config.options.compression = Compression::None;
    config.delivery.flush_at = crate::harness::fixture::count(1);
    let clock = Jumping(Arc::new(Mutex::new(UNIX_EPOCH)));
    let sink = PostHogSink::spawn(config).or_fail("the sink did not start")?;
    let analytics = Analytics::with_clock(sink, clock.clone());
    let today = UNIX_EPOCH + 20_000 * DAY;
    let far = UNIX_EPOCH + 47_482 * DAY;
    let moments = [
        (today, "2024-10-04T00:00:00.000Z"),
        (today + DAY, "2024-10-05T00:00:00.000Z"),
        (today - DAY, "2024-10-03T00:00:00.000Z"),
        (UNIX_EPOCH, "1970-01-01T00:00:00.000Z"),
        (far, "2100-01-01T00:00:00.000Z"),
    ];
    let mut times = HashMap::new();
    for (n, (moment, text)) in (0..).zip(moments) {
        clock.jump(moment);
        let id = analytics.event(Actor::user("u1"), Numbered { n }).track();
        times.insert(id.to_string(), text);
    }
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, moments.len() as u64)?;
    equal("delivered", &ledger.delivered(), &(moments.len() as u64))?;
    let attempts = attempts(&inspector)?;
    let (mut seen, mut changed) = (0, Vec::new());
    for (id, expected) in times {
        let texts = attempts.get(&id).or_fail("an event was not sent")?;
        if texts.1.len() > 1 {
            changed.push(&texts.1);
        }
        seen += texts.0;
        let is_timed = |text: &String| text.contains(&format!("\"timestamp\":\"{expected}\""));
        ensure(texts.1.iter().all(is_timed), || format!("expected {expected}: {texts:?}"))?;
    }
    ensure(seen > moments.len(), || "no event was sent twice".to_owned())?;
    let figures = Figures::of("events", moments.len()).and("times that one was sent", seen);
    figures.and_none_of("events sent again with other bytes", &changed)
}

/// Every event in every request: how often it was sent, and in which bytes.
pub(super) fn attempts(inspector: &Inspector) -> Result<HashMap<String, (usize, HashSet<String>)>, Unmet> {
    let mut attempts = HashMap::<_, (usize, HashSet<String>)>::new();
    for request in inspector.requests() {
        let body = request.body_text().or_fail("a request without a body")?;
        let batch =
            body.split_once("\"batch\":[").and_then(|(_, batch)| batch.strip_suffix("]}")).or_fail("a batch")?;
        for event in batch.split("{\"uuid\":\"").skip(1) {
            let (id, rest) = event.split_once('"').or_fail("an id")?;
            let (count, texts) = attempts.entry(id.to_owned()).or_default();
            *count += 1;
            texts.insert(rest.trim_end_matches(',').to_owned());
        }
    }
    Ok(attempts)
}
