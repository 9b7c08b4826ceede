//! Requests that fail beside others that pass: what arrives in which order.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use analytics_inspector::{Fault, Inspector};
use analytics_posthog::{DeliveryConfig, Order, PostHogConfig, Protocol};

use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, config, inspector};
use crate::unmet::{Unmet, ensure};

const USERS: u64 = 40;

/// What goes wrong, and for which share of the requests.
fn faults() -> Vec<(&'static str, Fault)> {
    vec![
        ("503", Fault::status(503).for_share(0.2)),
        ("413", Fault::status(413).if_content_exceeds(20_000).always()),
        ("reset before the request is read", Fault::reset_before_request().for_share(0.2)),
        ("reset after it was stored", Fault::reset_after_request().for_share(0.2)),
        ("late", Fault::delay(Duration::from_millis(40)).for_share(0.5)),
    ]
}

/// Settings that make requests of several sizes, and many of them.
fn settings(number: u64, delivery: &mut DeliveryConfig) {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap_or(std::num::NonZeroUsize::MIN);
    match number {
        0 => {}
        1 => (delivery.batch_events, delivery.flush_at) = (count(50), count(10)),
        _ => (delivery.batch_events, delivery.in_flight) = (count(200), count(8)),
    }
}

/// Events of forty users through every fault: each user's arrive in the order in which they were captured. Without the
/// order they do not.
pub(super) fn per_actor(tier: Tier) -> Outcome {
    let events = tier.pick(1_500, 40_000);
    let (mut pairs, mut swapped, mut without) = (0, 0, 0);
    let mut runs = 0;
    for (name, fault) in faults() {
        for protocol in [Protocol::V0, Protocol::V1] {
            for setting in 0..3 {
                let run = |order| -> Result<(u64, u64), Unmet> {
                    let inspector = inspector()?;
                    inspector.inject(fault.clone().with_seed(setting));
                    let mut config = config(&inspector.url())?;
                    (config.options.protocol, config.delivery.order) = (protocol, order);
                    settings(setting, &mut config.delivery);
                    arrived(&inspector, config, events).map_err(|unmet| Unmet::failed(format!("{name}: {unmet:?}")))
                };
                let of_run = run(Order::Actor)?;
                ensure(of_run.1 == 0, || format!("{name}, {protocol:?}, settings {setting}: {} swapped", of_run.1))?;
                (pairs, swapped, runs) = (pairs + of_run.0, swapped + of_run.1, runs + 1);
                without += run(Order::None)?.1;
            }
        }
    }
    ensure(without > 0, || "no pair is swapped without the order: nothing was tried".to_owned())?;
    Ok(Figures::of("runs", runs)
        .and("pairs of one actor", pairs)
        .and("of them swapped", swapped)
        .and("swapped without the order", without))
}

/// Tracks in bursts, and returns how many pairs of events that follow each other arrived, and how many of them in the
/// wrong order.
fn arrived(inspector: &Inspector, config: PostHogConfig, events: u64) -> Result<(u64, u64), Unmet> {
    let service = Service::start(config)?;
    let mut users: Vec<_> = (0..events).map(|step| (step % USERS, step / USERS)).collect();
    // Some do more at once than others.
    users.sort_by_key(|(user, step)| step / (1 + user % 7));
    for (number, (user, _)) in users.into_iter().enumerate() {
        service.track_by(1 + user);
        if number % 500 == 499 {
            // A request may be on its way beside the next burst.
            service.flush(Duration::from_millis(5))?;
        }
    }
    all_arrived(&service.shutdown(LONG)?, inspector)?;
    let mut seen = HashSet::new();
    let mut last: HashMap<String, u64> = HashMap::new();
    let (mut pairs, mut swapped) = (0, 0);
    for event in inspector.events().into_iter().filter(|event| seen.insert(event.uuid.clone())) {
        let number = event.properties().get("number").and_then(serde_json::Value::as_u64);
        let number = number.ok_or_else(|| Unmet::failed("an event without its number"))?;
        if let Some(before) = last.insert(event.distinct_id, number) {
            pairs += 1;
            swapped += u64::from(before > number);
        }
    }
    ensure(seen.len() as u64 == events, || format!("{} of {events} are recorded", seen.len()))?;
    Ok((pairs, swapped))
}
