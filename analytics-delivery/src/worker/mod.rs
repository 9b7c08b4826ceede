//! The worker: one thread with a runtime of its own. It alone touches the transport.

mod flight;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use analytics_core::unwind::discard_panic;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use self::flight::{InFlight, Landing};
pub(crate) use self::thread::spawn;
use crate::answer::Answer;
use crate::engine::{Engine, Flight, Next, Then};
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
        let mut flights = JoinSet::new();
        let mut event = Event::Woken;
        loop {
            let (now, chance) = (self.shared.now(), fastrand::f64());
            // Looking gives up events that are too old, and closes when a shutdown's time is over.
            let Some(next) = self.shared.change(|engine| event.happens(engine, now, chance)) else { return };
            for flight in next.flights {
                flights.spawn(InFlight::new(Arc::clone(&self.shared), flight).send(Arc::clone(&self.transport)));
            }
            let look_at = match next.then {
                Then::LookAgain => Some(now),
                Then::WaitUntil(then) => Some(then),
                Then::Wait => None,
                Then::Finished => return,
            };
            event = tokio::select! {
                () = self.shared.wake.notified() => Event::Woken,
                Some(landed) = flights.join_next() => Event::landed(landed),
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
    Landed(Box<(Flight, Answer)>),
}

impl Event {
    /// A panic in a flight has given its events back, and told of it. What it panicked with is the transport's.
    fn landed(landed: Result<Landing, JoinError>) -> Self {
        match landed {
            Ok(landing) => landing.take().map_or(Self::Woken, |landed| Self::Landed(Box::new(landed))),
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
            Self::Landed(landed) => {
                let (flight, answer) = *landed;
                engine.land(flight, &answer, now, chance)
            }
        };
        let mut next = engine.next(now);
        next.flights.extend(part);
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
