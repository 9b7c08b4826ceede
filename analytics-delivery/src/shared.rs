//! What callers and the worker share: the engine behind its lock, and the ways to wake each other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::PoisonError;
use std::time::{Duration, Instant, SystemTime};

use analytics_core::DropReason;

use crate::engine::Engine;
use crate::observe::{DroppedEvent, Measure, Notice, Notices};
use crate::sync::{AtomicBool, AtomicUsize, Mutex, MutexGuard, Notify, Ordering};

#[derive(Debug)]
pub(crate) struct Shared {
    engine: Mutex<Engine>,
    started: Instant,
    started_wall: SystemTime,
    /// Set once, when the sink stops taking events, so that a record is not written down in vain. The engine's phase
    /// decides.
    is_closing: AtomicBool,
    notices: Notices,
    /// Those who have changed the engine and are about to tell the observers.
    telling: AtomicUsize,
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
            engine: Mutex::new(engine),
            started: Instant::now(),
            started_wall: SystemTime::now(),
            is_closing: AtomicBool::new(false),
            notices,
            telling: AtomicUsize::new(0),
            wake: Notify::new(),
            progress: Notify::new(),
        }
    }

    /// The engine. No foreign code runs and nothing is logged while it is locked, so a lock that was poisoned
    /// guards a state that is whole.
    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether records are of no use any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

    /// Takes no more events, and delivers what is there until `deadline`.
    pub(crate) fn drain(&self, deadline: Duration) {
        self.engine().drain(deadline);
        self.is_closing.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Closes, and counts what is left.
    pub(crate) fn close(&self, reason: DropReason) {
        let _telling = self.telling();
        self.engine().close(reason);
        self.is_closing.store(true, Ordering::Release);
        self.progressed();
        self.wake.notify_one();
    }

    /// Begins a change of the engine of which the observers will be told. Taken before the change, and kept until they
    /// are: whoever sees the change and waits for the observers waits for this, too.
    pub(crate) fn telling(&self) -> Telling<'_> {
        self.telling.fetch_add(1, Ordering::SeqCst);
        Telling(self)
    }

    /// Waits until the observers are told of every change so far.
    pub(crate) async fn told(&self) {
        self.until(|_| self.telling.load(Ordering::SeqCst) == 0).await;
        self.notices.told().await;
    }

    pub(crate) fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Tells the observers how things stand.
    pub(crate) fn measure(&self) {
        if self.notices.wants_measures() {
            let engine = self.engine();
            let (ledger, pending_bytes) = (engine.ledger(), engine.pending_bytes());
            drop(engine);
            let (destination, missed_notices) = (self.notices.destination(), self.notices.missed());
            let measure = Measure { destination, ledger, pending_bytes, missed_notices };
            self.notices.tell(Notice::Measured(measure));
        }
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

    /// Tells all who wait that the engine's state has changed.
    pub(crate) fn progressed(&self) {
        let mut engine = self.engine();
        let (answered, drops) = (engine.take_answered(), engine.take_drops());
        drop(engine);
        for (receipt, settlement) in answered {
            // Whoever waits is woken by code of the host; a panic in there is the host's, and no reason to stop.
            catch_unwind(AssertUnwindSafe(|| receipt.settle(settlement))).unwrap_or_default();
        }
        for (reason, bytes) in drops.events {
            let destination = self.notices.destination();
            self.notices.tell(Notice::Dropped(DroppedEvent { destination, reason, id: None, bytes: Some(bytes) }));
        }
        self.notices.miss(drops.missed);
        self.progress.notify_waiters();
    }

    /// Waits until `condition` holds for the engine.
    pub(crate) async fn until(&self, mut condition: impl FnMut(&Engine) -> bool + Send) {
        loop {
            let mut progress = pin!(self.progress.notified());
            // Enlisted before the look, so that no progress between the look and the wait is missed.
            progress.as_mut().enable();
            if condition(&self.engine()) {
                return;
            }
            progress.await;
        }
    }
}

/// A change of the engine of which the observers are not told yet.
#[derive(Debug)]
pub(crate) struct Telling<'s>(&'s Shared);

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.0.telling.fetch_sub(1, Ordering::SeqCst);
        self.0.progress.notify_waiters();
    }
}
