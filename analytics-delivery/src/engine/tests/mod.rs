//! The engine, driven by hand.

mod admission;
mod back_off;
mod flushing;
mod model;
mod overflow;
pub(crate) mod receipts;
mod repeating;
mod settling;
mod waking;

use super::*;
use crate::engine::settling::Settled;
use crate::queue::{ENTRY_BYTES, Slot};
use crate::{Answer, Outcome, Overflow, Verdict};

const PLAIN: Admission = Admission { critical: false, waits: false };
const CRITICAL: Admission = Admission { critical: true, waits: false };
const WAITING: Admission = Admission { critical: false, waits: true };
const ROUTES: [Route; 2] = [Route::new(analytics_core::Lane::Product), Route::new(analytics_core::Lane::Ai)];

fn engine(config: DeliveryConfig) -> Engine {
    Engine::new(config)
}

fn small() -> DeliveryConfig {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap();
    DeliveryConfig {
        queue_events: count(40),
        queue_bytes: count(100_000),
        batch_events: count(8),
        flush_at: count(3),
        in_flight: count(2),
        ..DeliveryConfig::default()
    }
}

fn flight(engine: &mut Engine, now: Duration) -> Option<Flight> {
    match engine.next(now) {
        EngineStep::Send(flight) => Some(flight),
        _ => None,
    }
}

fn land(engine: &mut Engine, flight: Flight, outcome: Outcome, now: Duration) -> Option<Edge> {
    answered(engine, flight, &Answer::new(outcome), now, 0.5).edge
}

/// The end of a flight that is not split: what the worker does with its answer.
pub(crate) fn answered(engine: &mut Engine, flight: Flight, answer: &Answer, now: Duration, chance: f64) -> Settled {
    let Flight { mut attempt, leased: Leased { slots, chunks, .. }, .. } = flight;
    drop(chunks);
    let begun_at = attempt.began_at;
    attempt.ends_at = engine.begin_attempt(attempt.route_index, begun_at);
    let settled = engine.settle(&attempt, &slots, answer, now, chance);
    engine.landed(attempt.route_index);
    settled
}

/// The worker goes with a batch in its hands: it panics, or is called off.
fn crash(engine: &mut Engine, flight: &Flight, panicked: bool) {
    if panicked {
        engine.give_back(flight.attempt.route_index, &flight.leased.slots, true);
    } else {
        engine.interrupted(&flight.attempt, &flight.leased.slots);
    }
    engine.landed(flight.attempt.route_index);
}

/// The sequence numbers of a flight's events.
fn seqs(flight: &Flight) -> Vec<u64> {
    flight.leased.slots.iter().map(|slot| slot.seq).collect()
}

/// Lets the engine run until its next attempt, which fails; returns when that was.
fn fail(engine: &mut Engine, mut now: Duration) -> Duration {
    loop {
        match engine.next(now) {
            EngineStep::Send(flight) => {
                land(engine, flight, Outcome::Retry { after: None }, now);
                return now;
            }
            EngineStep::WaitUntil(then) => now = then,
            other => panic!("{other:?}"),
        }
    }
}
