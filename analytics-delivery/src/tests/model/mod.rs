//! Whatever happens in whatever order: the engine beside a model of it that knows what became of each event.

mod flying;
mod oracle;
mod step;
mod world;

use std::time::Duration;

use analytics_core::{DropReason, Lane, Ledger, Settlement};
use proptest::prelude::*;
use proptest::test_runner::RngAlgorithm;

use self::step::{Chances, Step, steps};
use self::world::World;
use crate::answer::{Answer, Outcome, Verdict};
use crate::config::{DeliveryConfig, Overflow};
use crate::engine::tests::{How, ROUTES, answers, engine, purge, small};
use crate::engine::{Attempt, Cut, Dispatch, Engine, EngineStep, Phase, Then};
use crate::order::OrderKey;
use crate::queue::{ENTRY_BYTES, Leased, Slot};

/// Schedules of each test: four tests make 12,000.
const SCHEDULES: u32 = 3_000;

fn schedules() -> ProptestConfig {
    let more = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    // In a debug build the usual generator takes more time than the engine.
    ProptestConfig {
        cases: more.unwrap_or(SCHEDULES),
        rng_algorithm: RngAlgorithm::XorShift,
        ..ProptestConfig::default()
    }
}

fn config() -> impl Strategy<Value = DeliveryConfig> {
    let batch_bytes = prop_oneof![Just(1 << 20), Just(6_000)];
    (any::<bool>(), prop::option::of(0_u32..3), batch_bytes).prop_map(|(drops_oldest, max_retries, batch_bytes)| {
        DeliveryConfig {
            overflow: if drops_oldest { Overflow::DropOldest } else { Overflow::DropNewest },
            batch_bytes: std::num::NonZeroUsize::new(batch_bytes).unwrap(),
            ai_batch_bytes: std::num::NonZeroUsize::new(batch_bytes / 2).unwrap(),
            max_retries,
            ..small()
        }
    })
}

/// Runs the schedule, then lets a healthy server end it.
fn run(config: DeliveryConfig, steps: Vec<Step>) {
    let mut world = World::new(config);
    for step in steps {
        world.take(step);
    }
    world.heal();
    world.shut_down();
}

proptest! {
    #![proptest_config(schedules())]

    #[test]
    fn every_event_is_accounted_for_whatever_happens(config in config(), steps in steps(Chances::EVEN)) {
        run(config, steps);
    }

    #[test]
    fn every_event_is_accounted_for_when_there_are_too_many(config in config(), steps in steps(Chances::CROWDED)) {
        run(config, steps);
    }

    #[test]
    fn every_event_is_accounted_for_when_the_server_refuses(config in config(), steps in steps(Chances::REFUSED)) {
        run(config, steps);
    }

    #[test]
    fn every_event_is_accounted_for_when_the_worker_crashes(config in config(), steps in steps(Chances::CRASHING)) {
        run(config, steps);
    }
}
