//! The worker: one thread with a runtime of its own. It alone touches the transport.

mod in_flight;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use analytics_core::unwind::discard_panic;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use self::in_flight::{FinishedAttempt, InFlight};
pub(crate) use self::thread::spawn;
use crate::answer::Answer;
use crate::engine::{Dispatch, Engine, Next, Then};
use crate::shared::Shared;
use crate::transport::Transport;

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
        let mut dispatches = JoinSet::new();
        let mut event = Event::Woken;
        loop {
            let (now, chance) = (self.shared.now(), fastrand::f64());
            // Looking gives up events that are too old, and closes when a shutdown's time is over.
            let Some(next) = self.shared.change(|engine| event.happens(engine, now, chance)) else { return };
            for dispatch in next.dispatches {
                dispatches.spawn(InFlight::new(Arc::clone(&self.shared), dispatch).send(Arc::clone(&self.transport)));
            }
            let look_at = match next.then {
                Then::LookAgain => Some(now),
                Then::WaitUntil(then) => Some(then),
                Then::Wait => None,
                Then::Finished => return,
            };
            event = tokio::select! {
                () = self.shared.wake.notified() => Event::Woken,
                Some(finished) = dispatches.join_next() => Event::attempt_finished(finished),
                _ = tick.tick() => Event::Tick,
                () = sleep_until(look_at.map(|then| self.shared.instant(then))) => Event::Woken,
            };
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

/// What the worker woke up for.
enum Event {
    /// Somebody has work for it, or it is time to look again.
    Woken,
    /// The interval is over.
    Tick,
    /// A request is over.
    Finished(Box<(Dispatch, Answer)>),
}

impl Event {
    /// A panic in a dispatch has given its events back, and told of it. What it panicked with is the transport's.
    fn attempt_finished(finished: Result<FinishedAttempt, JoinError>) -> Self {
        match finished {
            Ok(attempt) => attempt.take().map_or(Self::Woken, |finished| Self::Finished(Box::new(finished))),
            Err(error) => {
                error.try_into_panic().map(discard_panic).unwrap_or_default();
                Self::Woken
            }
        }
    }

    /// Tells the engine, and asks it what is next: all under one lock.
    fn happens(self, engine: &mut Engine, now: Duration, chance: f64) -> Next {
        let part = match self {
            Self::Woken => None,
            Self::Tick => {
                engine.tick();
                None
            }
            Self::Finished(finished) => {
                let (dispatch, answer) = *finished;
                engine.finish_attempt(dispatch, &answer, now, chance)
            }
        };
        let mut next = engine.next(now);
        next.dispatches.extend(part);
        next
    }
}

async fn sleep_until(then: Option<std::time::Instant>) {
    match then {
        Some(then) => tokio::time::sleep_until(then.into()).await,
        None => std::future::pending().await,
    }
}

// Outside of its schedules a lock of `shuttle` cannot be used.
#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
