//! Threads in an order that is chosen.

use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner};

use super::scenario::{Cast, play};

/// Schedules of both tests together, unless the variable `ANALYTICS_SHUTTLE_ITERATIONS` says otherwise.
const SCHEDULES: usize = 20_000;

fn schedules() -> usize {
    let said = std::env::var("ANALYTICS_SHUTTLE_ITERATIONS").ok();
    said.map_or(SCHEDULES, |number| number.parse().expect("a number")) / 2
}

fn run(scheduler: impl Scheduler + 'static) {
    let runs = Runner::new(scheduler, Config::default())
        .run(|| play(thread_rng().r#gen(), Cast { producers: 2, events: 4, flushers: 1 }));
    println!("figure: schedules without a violation {runs}");
    assert_eq!(runs, schedules());
}

#[test]
fn in_any_order_every_event_is_settled_once_and_nothing_hangs() {
    run(RandomScheduler::new(schedules()));
}

#[test]
fn with_few_and_unlucky_preemptions_every_event_is_settled_once_and_nothing_hangs() {
    run(PctScheduler::new(3, schedules()));
}
