//! The worker's loop on a virtual clock.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Serve, Source};
use crate::answer::Answer;
use crate::config::DeliveryConfig;
use crate::engine::{Dispatch, Then};
use crate::shared::Shared;

/// An engine, what captures into it, the server it sends to, and the time.
#[derive(Debug)]
pub(super) struct Simulation<S, V> {
    pub(super) shared: Arc<Shared>,
    pub(super) server: V,
    pub(super) clock: VirtualClock,
    /// Events captured so far.
    pub(super) captured: u64,
    /// When the first one was lost.
    pub(super) first_loss: Option<Duration>,
    source: S,
    /// The time between two events; none if no more come.
    every: Option<Duration>,
    next_event: Duration,
    interval: Duration,
    next_tick: Duration,
    /// Requests under way, with the moment of their answer.
    dispatches: Vec<(Duration, Dispatch, Answer)>,
    chance: fastrand::Rng,
}

impl<S: Source, V: Serve> Simulation<S, V> {
    /// One that begins now. The first tick comes at `first_tick`.
    pub(super) fn new(shared: Arc<Shared>, source: S, server: V, seed: u64, first_tick: Duration) -> Self {
        Self {
            shared,
            server,
            clock: VirtualClock::default(),
            captured: 0,
            first_loss: None,
            source,
            every: None,
            next_event: Duration::MAX,
            interval: DeliveryConfig::default().flush_interval,
            next_tick: first_tick,
            dispatches: Vec::new(),
            chance: fastrand::Rng::with_seed(seed),
        }
    }

    /// From now on so many events a second are captured; 0 for none.
    pub(super) fn flow(&mut self, events_a_second: u32) {
        self.every = Duration::from_secs(1).checked_div(events_a_second);
        self.next_event = self.every.map_or(Duration::MAX, |every| self.clock.now() + every);
    }

    /// So many events are captured now.
    pub(super) fn burst(&mut self, events: u64) {
        for _ in 0..events {
            self.capture();
        }
    }

    /// Lets time pass.
    pub(super) fn run_until(&mut self, end: Duration) {
        while self.clock.now() < end {
            self.step(end);
        }
    }

    /// Lets time pass until nothing is pending, or until `end`.
    pub(super) fn settle_until(&mut self, end: Duration) {
        while self.clock.now() < end && !self.shared.engine().ledger().is_settled() {
            self.step(end);
        }
    }

    /// What the worker does each time it wakes, and its sleep.
    fn step(&mut self, end: Duration) {
        let look_at = self.send();
        self.note_loss();
        let landing = self.dispatches.iter().map(|(ends_at, ..)| *ends_at).min();
        let wakes_at = [look_at, landing, Some(self.next_tick)].into_iter().flatten().fold(end, Duration::min);
        let now = self.capture_until(wakes_at);
        self.clock.set(now);
        while let Some(finished) = self.dispatches.iter().position(|(ends_at, ..)| *ends_at <= now) {
            self.finish_attempt(finished);
        }
        if now >= self.next_tick {
            self.shared.engine().tick();
            self.next_tick = now + self.interval;
        }
    }

    /// Sends all that the engine wants sent. Returns when it wants to be asked again.
    fn send(&mut self) -> Option<Duration> {
        let now = self.clock.now();
        let next = self.shared.change(|engine| engine.next(now)).unwrap();
        next.dispatches.into_iter().for_each(|dispatch| self.depart(dispatch));
        match next.then {
            Then::LookAgain => self.send(),
            Then::WaitUntil(then) => Some(then),
            Then::Wait => None,
            Then::Finished => panic!("nobody shuts down here"),
        }
    }

    fn depart(&mut self, dispatch: Dispatch) {
        let now = self.clock.now();
        let (answer, latency) = self.server.answer(now, &dispatch, self.chance.f64());
        self.dispatches.push((now + latency, dispatch, answer));
    }

    fn finish_attempt(&mut self, index: usize) {
        let (_, dispatch, answer) = self.dispatches.swap_remove(index);
        let (now, chance) = (self.clock.now(), self.chance.f64());
        let part = self.shared.change(|engine| engine.finish_attempt(dispatch, &answer, now, chance)).unwrap();
        if let Some(part) = part {
            self.depart(part);
        }
    }

    /// Captures what comes until `end`, or until an event wakes the worker. Returns the moment of that.
    fn capture_until(&mut self, end: Duration) -> Duration {
        while let Some(every) = self.every.filter(|_| self.next_event <= end) {
            self.clock.set(self.next_event);
            self.next_event += every;
            let (is_kept, wakes) = self.capture();
            if wakes {
                return self.clock.now();
            }
            if !is_kept {
                self.capture_in_vain_until(end, every);
            }
        }
        end
    }

    /// Tells whether the event was kept, and whether it woke the worker.
    fn capture(&mut self) -> (bool, bool) {
        let (is_kept, wakes) = self.source.capture(&self.shared);
        self.captured += 1;
        if !is_kept {
            self.first_loss.get_or_insert(self.clock.now());
        }
        (is_kept, wakes)
    }

    /// There is no room before the worker looks again.
    fn capture_in_vain_until(&mut self, end: Duration, every: Duration) {
        if self.next_event <= end {
            let events = u32::try_from(end.saturating_sub(self.next_event).as_nanos() / every.as_nanos()).unwrap() + 1;
            self.source.capture_in_vain(&self.shared, events.into());
            self.captured += u64::from(events);
            self.next_event += every * events;
        }
    }

    /// Events are lost by their age as well.
    fn note_loss(&mut self) {
        if self.first_loss.is_none() && self.shared.engine().ledger().lost() > 0 {
            self.first_loss = Some(self.clock.now());
        }
    }
}

/// The time since the start.
#[derive(Clone, Debug, Default)]
pub(super) struct VirtualClock(Arc<AtomicU64>);

impl VirtualClock {
    pub(super) fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, now: Duration) {
        self.0.store(u64::try_from(now.as_nanos()).unwrap(), Ordering::Relaxed);
    }
}

/// `00:20:31.5`
impl fmt::Display for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = self.now();
        let (minutes, seconds) = (now.as_secs() / 60, now.as_secs() % 60);
        write!(f, "{:02}:{:02}:{seconds:02}.{}", minutes / 60, minutes % 60, now.subsec_millis() / 100)
    }
}
