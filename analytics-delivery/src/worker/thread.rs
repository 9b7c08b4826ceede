//! The worker's thread.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::DropReason;
use tokio::runtime::{Builder, Runtime};

use super::Worker;

const MAX_RESTARTS: usize = 5;
const RESTART_WINDOW: Duration = Duration::from_secs(60);

thread_local! {
    /// Whether this thread is a worker's. Set once; nothing else is known through it.
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// Whether the caller is a delivery worker, whose events would feed on themselves.
pub(crate) fn is_worker_thread() -> bool {
    IS_WORKER.try_with(Cell::get).unwrap_or(false)
}

/// Makes the caller a worker: its events are refused, as they would feed on themselves.
pub(crate) fn mark_worker_thread() {
    IS_WORKER.set(true);
}

/// Starts the worker's thread. The runtime is built first, so that its failure can be told.
pub(crate) fn spawn(worker: Worker) -> io::Result<()> {
    let runtime = OwnRuntime(Some(Builder::new_current_thread().enable_all().build()?));
    thread::Builder::new().name("analytics-delivery".into()).spawn(move || {
        mark_worker_thread();
        let closes = !work(|| runtime.block_on(&worker));
        if closes {
            worker.shared.close(DropReason::Panicked);
            tracing::error!("analytics: the worker panicked too often, the sink is closed");
        }
    })?;
    Ok(())
}

/// Runs the worker, and runs it again when it panics; `false` after too many panics.
fn work(run: impl Fn()) -> bool {
    let mut panics = Vec::new();
    while catch_unwind(AssertUnwindSafe(&run)).is_err() {
        let now = Instant::now();
        panics.retain(|then| now.saturating_duration_since(*then) < RESTART_WINDOW);
        panics.push(now);
        if panics.len() > MAX_RESTARTS {
            return false;
        }
        tracing::error!("analytics: the worker panicked and is started again");
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
    use super::*;

    #[test]
    fn a_worker_that_panics_is_started_again_five_times_a_minute() {
        for panics in 0..=MAX_RESTARTS + 1 {
            let runs = Cell::new(0);
            let goes_on = work(|| {
                runs.set(runs.get() + 1);
                assert!(runs.get() > panics, "as told");
            });
            assert_eq!(goes_on, panics <= MAX_RESTARTS);
            assert_eq!(runs.get(), (panics + 1).min(MAX_RESTARTS + 1));
        }
        println!("figure: row 40: restarts in a minute before the sink closes {MAX_RESTARTS}");
    }
}
