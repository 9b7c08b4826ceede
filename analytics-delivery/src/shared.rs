//! What callers and the worker share: the engine behind its lock, and the ways to wake each other.
//!
//! Whoever changes the engine gathers what follows from it under the lock, and tells it outside: drops to the observers,
//! lines to the log. Only then are answers given and those woken who wait. Whoever returns a ledger from a flush or a
//! shutdown waits until all that is counted in it is told.

use std::pin::{Pin, pin};

use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use analytics_core::unwind::catching_waker;
use analytics_core::{DropReason, Ledger, Receipt, Settlement};

use crate::engine::{Effects, Engine};
use crate::engine_lock::EngineLock;
use crate::fork::{self, ForkedDrops};
use crate::observe::{DroppedEvent, Measure, Notice, Notices};
use crate::sync::{AtomicBool, MutexGuard, Notify, Ordering};
use crate::tickets::Tickets;
use crate::worker;

#[derive(Debug)]
pub(crate) struct Shared {
    lock: EngineLock,
    /// What a forked child drops.
    forked_drops: ForkedDrops,
    started: Instant,
    started_wall: SystemTime,
    /// Set once, when the sink stops taking events, so that a record is not written down in vain. The engine's phase
    /// decides.
    is_closing: AtomicBool,
    notices: Notices,
    /// The changes of which not everybody is told yet.
    tickets: Tickets,
    /// Wakes the worker.
    pub(crate) wake: Notify,
    /// Wakes whoever waits for events to be settled, or for room.
    progress: Notify,
}

impl Shared {
    pub(crate) fn new(mut engine: Engine, notices: Notices) -> Self {
        if notices.wants_drops() {
            engine.keep_drops();
        }
        Self {
            lock: EngineLock::new(engine),
            forked_drops: ForkedDrops::default(),
            started: Instant::now(),
            started_wall: SystemTime::now(),
            is_closing: AtomicBool::new(false),
            notices,
            tickets: Tickets::default(),
            wake: Notify::new(),
            progress: Notify::new(),
        }
    }

    /// The engine, to be looked at, or to be changed in a way of which nobody has to be told.
    /// `None` in a forked child.
    pub(crate) fn lock(&self) -> Option<MutexGuard<'_, Engine>> {
        let engine = self.lock.lock();
        if engine.is_none() {
            let _is_forked = self.is_forked();
        }
        engine
    }

    /// The engine, for tests, which do not fork.
    #[cfg(test)]
    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.lock.in_test()
    }

    /// Changes the engine, and tells what follows from it; `None` in a forked child. What the caller has to tell beside
    /// that, it tells while it holds what this returns.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Engine) -> T) -> Option<Changed<'_, T>> {
        let mut engine = self.lock()?;
        let value = change(&mut engine);
        Some(self.unlock(engine, value))
    }

    /// Ends a change of the engine that was made under this guard.
    pub(crate) fn unlock<T>(&self, mut engine: MutexGuard<'_, Engine>, value: T) -> Changed<'_, T> {
        let Some(effects) = engine.take_effects() else { return Changed { value, _telling: None } };
        // Under the lock: whoever sees the change from now on waits for this number.
        let ticket = self.tickets.take();
        drop(engine);
        let Effects { drops, answered, leftover } = effects;
        let telling = Telling { shared: self, ticket, answered };
        for (reason, bytes) in drops.events {
            let destination = self.notices.destination();
            self.notices.tell(Notice::Dropped(DroppedEvent { destination, reason, id: None, bytes: Some(bytes) }));
        }
        self.notices.miss(drops.missed);
        if let Some(leftover) = leftover.filter(|_| self.notices.wants_drops()) {
            self.notices.tell(Notice::Left(leftover));
        }
        Changed { value, _telling: Some(telling) }
    }

    /// Whether records are of no use any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

    /// Takes no more events, and delivers what is there until `deadline`.
    pub(crate) fn drain(&self, deadline: Duration) {
        let _changed = self.change(|engine| engine.drain(deadline));
        self.is_closing.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Closes, and counts what is left.
    pub(crate) fn close(&self, reason: DropReason) {
        let _changed = self.change(|engine| engine.close(reason)).inspect(|_| self.measure());
        self.is_closing.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    pub(crate) fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Tells the observers how things stand.
    pub(crate) fn measure(&self) {
        if !self.notices.wants_measures() {
            return;
        }
        let Some(engine) = self.lock() else { return };
        let (ledger, pending_bytes) = (engine.ledger(), engine.pending_bytes());
        drop(engine);
        let (destination, missed_notices) = (self.notices.destination(), self.notices.missed());
        let measure = Measure { destination, ledger, pending_bytes, missed_notices };
        self.notices.tell(Notice::Measured(measure));
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// The time since the engine's start.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// The moment `time` after the engine's start. One that no clock can name is a year away.
    pub(crate) fn instant(&self, time: Duration) -> Instant {
        const YEAR: Duration = Duration::from_secs(365 * 86_400);
        self.started.checked_add(time).unwrap_or_else(|| Instant::now() + YEAR)
    }

    /// The calendar's time, `time` after the engine's start. A clock that was set since does not change it.
    pub(crate) fn wall_time(&self, time: Duration) -> SystemTime {
        self.started_wall.checked_add(time).unwrap_or(self.started_wall)
    }

    /// Wakes the worker, if it is in this process.
    pub(crate) fn wake_worker(&self) {
        if !self.is_forked() {
            self.wake.notify_one();
        }
    }

    /// Whether this process is a child that was forked from the worker's. Asks the operating system. A child that finds out
    /// closes its copy of the sink.
    pub(crate) fn is_forked(&self) -> bool {
        let is_forked = self.lock.is_forked();
        if is_forked {
            fork::close_copy(&self.lock, &self.notices.destination());
        }
        is_forked
    }

    /// The same, as far as is known without asking.
    pub(crate) fn is_known_as_forked(&self) -> bool {
        self.lock.is_known_as_forked()
    }

    /// What became of every event.
    pub(crate) fn ledger(&self) -> Ledger {
        match self.lock() {
            Some(engine) => engine.ledger(),
            None => self.forked_drops.ledger(&self.lock),
        }
    }

    /// Counts an event that was told of as dropped.
    pub(crate) fn count_dropped(&self, reason: DropReason) {
        match self.lock() {
            Some(mut engine) => engine.count_dropped(reason),
            None => self.forked_drops.count(),
        }
    }

    /// Waits until `condition` holds for the engine.
    pub(crate) async fn until(&self, mut condition: impl FnMut(&Engine) -> bool + Send) {
        self.until_progress_brings(|shared| shared.lock().is_none_or(|engine| condition(&engine))).await;
    }

    /// What became of every event, once everybody is told of all that is counted in it. `None` in a forked child.
    pub(crate) async fn told_ledger(&self) -> Option<Ledger> {
        // Under one lock: the mark is behind every change that the ledger counts.
        let (ledger, mark) = self.lock().map(|engine| (engine.ledger(), self.tickets.mark()))?;
        self.until_progress_brings(|shared| shared.tickets.are_told_before(mark)).await;
        // Those who tell the observers cannot wait for themselves.
        if !worker::is_observers_thread() {
            self.notices.told().await;
        }
        Some(ledger)
    }

    async fn until_progress_brings(&self, mut condition: impl FnMut(&Self) -> bool + Send) {
        loop {
            let mut progress = pin!(self.progress.notified());
            // Enlisted before the look, so that no progress between the look and the wait is missed.
            progress.as_mut().enable();
            if condition(self) {
                return;
            }
            Caught(progress).await;
        }
    }
}

/// A change of the engine. Once it is dropped all are told of it: answers are given, and those are woken who wait.
#[derive(Debug)]
#[must_use = "the change is told of when this is dropped"]
pub(crate) struct Changed<'s, T> {
    /// What the change came to.
    pub(crate) value: T,
    _telling: Option<Telling<'s>>,
}

#[derive(Debug)]
struct Telling<'s> {
    shared: &'s Shared,
    ticket: u64,
    answered: Vec<(Receipt, Settlement)>,
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        // Before anybody is woken: a waker that flushes does not wait for its own wake-up.
        self.shared.tickets.give_back(self.ticket);
        for (receipt, settlement) in self.answered.drain(..) {
            receipt.settle(settlement);
        }
        self.shared.progress.notify_waiters();
    }
}

/// A future whose waker is the host's: one that panics keeps nobody asleep who waits beside it.
struct Caught<F>(F);

impl<F: Future + Unpin> Future for Caught<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = catching_waker(context.waker());
        Pin::new(&mut self.0).poll(&mut Context::from_waker(&waker))
    }
}
