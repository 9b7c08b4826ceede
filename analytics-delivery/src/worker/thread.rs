//! The worker's thread.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::DropReason;
use analytics_core::unwind::catch_panic;
use tokio::runtime::{Builder, Runtime};

use super::Worker;
use crate::log_target::TARGET;
use crate::own_threads::mark_worker_thread;

/// Restarts in a minute that a worker which panics is given.
const MAX_RESTARTS: usize = 5;
const RESTART_WINDOW: Duration = Duration::from_secs(60);

/// Starts the worker's thread. The runtime is built first, so that its failure can be told.
pub(crate) fn spawn(worker: Worker) -> io::Result<()> {
    let runtime = OwnRuntime(Some(Builder::new_current_thread().enable_all().build()?));
    thread::Builder::new().name("analytics-delivery".into()).spawn(move || {
        mark_worker_thread();
        let begun = Instant::now();
        let closes = !work(|| runtime.block_on(&worker), || begun.elapsed());
        if closes {
            catch_panic(|| tracing::error!(target: TARGET, "the worker panicked too often, the sink is closed"));
            worker.shared.close(DropReason::Panicked);
        }
    })?;
    Ok(())
}

/// Runs the worker, and runs it again when it panics; `false` after too many panics in one window, by the clock `now`.
fn work(run: impl Fn(), now: impl Fn() -> Duration) -> bool {
    let mut panics = Vec::new();
    while catch_panic(&run).is_none() {
        let at = now();
        panics.retain(|then| at.saturating_sub(*then) < RESTART_WINDOW);
        panics.push(at);
        if panics.len() > MAX_RESTARTS {
            return false;
        }
        catch_panic(|| tracing::error!(target: TARGET, "the worker panicked and is started again"));
    }
    true
}

/// A runtime that ends without waiting: a name look-up that hangs may not hold its thread, and dropping a runtime
/// inside another one would panic.
struct OwnRuntime(Option<Runtime>);

impl OwnRuntime {
    fn block_on(&self, worker: &Worker) {
        if let Some(runtime) = &self.0 {
            runtime.block_on(worker.run());
        }
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Whether a worker goes on that panics at these seconds and then does its work, and how often it ran.
    fn run(panics_at: &[u64]) -> (bool, usize) {
        let (runs, now) = (Cell::new(0), Cell::new(Duration::ZERO));
        let work_once = || {
            let at = panics_at.get(runs.get());
            runs.set(runs.get() + 1);
            if let Some(at) = at {
                now.set(Duration::from_secs(*at));
                panic!("as told");
            }
        };
        (work(work_once, || now.get()), runs.get())
    }

    #[test]
    fn a_worker_that_panics_is_started_again_five_times_a_minute_and_no_more() {
        assert_eq!(run(&[]), (true, 1));
        assert_eq!(run(&[0, 10, 20, 30, 40]), (true, 6), "five in a minute");
        assert_eq!(run(&[0, 10, 20, 30, 40, 59]), (false, 6), "six in a minute");
        assert_eq!(run(&[0, 10, 20, 30, 40, 60]), (true, 7), "the first is a minute ago");
        let one_in_thirteen_seconds: Vec<_> = (0..100).map(|panic| panic * 13).collect();
        assert_eq!(run(&one_in_thirteen_seconds), (true, 101), "never more than five in any minute");
        let one_in_eleven_seconds: Vec<_> = (0..100).map(|panic| panic * 11).collect();
        assert_eq!(run(&one_in_eleven_seconds), (false, 6));
    }

    #[test]
    fn a_worker_whose_panic_cannot_be_dropped_is_started_again() {
        struct Spiteful;

        impl Drop for Spiteful {
            fn drop(&mut self) {
                panic!("a payload panics, as told");
            }
        }

        let runs = Cell::new(0);
        let run = || {
            runs.set(runs.get() + 1);
            if runs.get() == 1 {
                std::panic::panic_any(Spiteful);
            }
        };
        assert!(work(run, || Duration::ZERO));
        assert_eq!(runs.get(), 2);
    }
}
