//! The worker: one thread with a runtime of its own. It alone touches the transport.

mod flight;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use analytics_core::unwind::discard_panic;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use self::flight::Lease;
pub(crate) use self::thread::{is_observers_thread, is_own_thread, is_worker_thread, mark_observers_thread, spawn};
use crate::Transport;
use crate::engine::EngineStep;
use crate::shared::Shared;

#[derive(Debug, Clone)]
pub(crate) struct Worker {
    shared: Arc<Shared>,
    transport: Arc<dyn Transport>,
    interval: Duration,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, transport: Arc<dyn Transport>, interval: Duration) -> Self {
        // A tick needs some length, and a clock cannot name a moment that is too far away.
        let interval = interval.clamp(Duration::from_millis(1), Duration::from_secs(86_400));
        Self { shared, transport, interval }
    }

    /// Sends events until the engine is closed. Flights that are still out then are called off.
    async fn run(&self) {
        let mut tick = self.ticks();
        let mut flights = JoinSet::new();
        loop {
            let look_at = loop {
                // Looking gives up events that are too old, and closes when a shutdown's time is over.
                let Some(looked) = self.shared.change(|engine| engine.next(self.shared.now())) else { return };
                match looked.value {
                    EngineStep::Send(flight) => {
                        let lease = Lease::new(Arc::clone(&self.shared), Arc::clone(&self.transport), flight);
                        flights.spawn(lease.fly());
                    }
                    EngineStep::WaitUntil(then) => break Some(self.shared.instant(then)),
                    EngineStep::Wait => break None,
                    EngineStep::Finished => {
                        // The last measure is told before anybody learns that the sink is closed.
                        self.shared.measure();
                        return;
                    }
                }
            };
            tokio::select! {
                () = self.shared.wake.notified() => {}
                Some(landed) = flights.join_next() => discard(landed),
                _ = tick.tick() => {
                    if let Some(mut engine) = self.shared.lock() {
                        engine.tick();
                    }
                    self.shared.measure();
                }
                () = sleep_until(look_at) => {}
            }
        }
    }

    /// Free-running ticks, so that a lone event wakes no thread. After a pause of the whole machine there is one. The
    /// first comes at a drawn moment: processes that start together do not send together ever after.
    fn ticks(&self) -> Interval {
        let first = self.interval.mul_f64(fastrand::f64());
        let mut ticks = tokio::time::interval_at(Instant::now() + first, self.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks
    }
}

/// A panic in a flight has given its events back, and told of it. What it panicked with is the transport's.
fn discard(landed: Result<(), JoinError>) {
    if let Err(error) = landed
        && let Ok(payload) = error.try_into_panic()
    {
        discard_panic(payload);
    }
}

async fn sleep_until(then: Option<std::time::Instant>) {
    match then {
        Some(then) => tokio::time::sleep_until(then.into()).await,
        None => std::future::pending().await,
    }
}
