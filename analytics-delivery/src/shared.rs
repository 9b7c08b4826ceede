//! What callers and the worker share: the engine behind its lock, and the ways to wake each other.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use analytics_core::unwind::catching_waker;
use analytics_core::{DropReason, Lane, Ledger, Receipt, Settlement};

use crate::engine::{Effects, Engine, ObservedKinds, Refused};
use crate::engine_lock::EngineLock;
use crate::fork::{self, ForkedDrops};
use crate::log;
use crate::observe::ObserverQueue;
use crate::sync::{AtomicBool, MutexGuard, Notify, Ordering};
use crate::tickets::Tickets;

/// The engine and whoever has to do with it: callers, the worker, those who wait.
///
/// There is one door to the engine. [`change`](Self::change) changes it under its lock, takes out what follows
/// ([`Effects`]) with a ticket, and tells it outside: drops, reports and snapshots to the observers, lines to the log.
/// Then the ticket is given back, and only then are answers given and those woken who wait. [`until`](Self::until)
/// waits for a condition and for every ticket up to the moment at which it held: whoever learns that something happened
/// finds everybody told of it.
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
    observer_queue: ObserverQueue,
    /// The changes of which not everybody is told yet.
    tickets: Tickets,
    /// Wakes the worker.
    pub(crate) wake: Notify,
    /// Wakes whoever waits for events to be settled, or for room.
    progress: Notify,
}

impl Shared {
    pub(crate) fn new(mut engine: Engine, observer_queue: ObserverQueue) -> Self {
        let [drops, batches, snapshots] =
            [observer_queue.wants_drops(), observer_queue.wants_batches(), observer_queue.wants_snapshots()];
        engine.observed(ObservedKinds { drops, batches, snapshots });
        Self {
            lock: EngineLock::new(engine),
            forked_drops: ForkedDrops::default(),
            started: Instant::now(),
            started_wall: SystemTime::now(),
            is_closing: AtomicBool::new(false),
            observer_queue,
            tickets: Tickets::default(),
            wake: Notify::new(),
            progress: Notify::new(),
        }
    }

    /// Looks at the engine; `None` in a forked child.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Engine) -> T) -> Option<T> {
        self.lock().map(|engine| look(&engine))
    }

    /// Changes the engine, and tells what follows from it; `None` in a forked child.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Engine) -> T) -> Option<T> {
        let mut engine = self.lock()?;
        let value = change(&mut engine);
        let wakes = engine.take_wake();
        // Under the lock: whoever sees the change from now on waits for this ticket.
        let effects = engine.take_effects().map(|effects| (effects, self.tickets.take()));
        drop(engine);
        if let Some((effects, ticket)) = effects {
            self.report(effects, ticket);
        }
        if wakes && !self.is_forked() {
            self.wake.notify_one();
        }
        Some(value)
    }

    fn report(&self, mut effects: Effects, ticket: u64) {
        // Dropped last, whatever happens here.
        let _reported = Reported {
            shared: self,
            ticket,
            answers: std::mem::take(&mut effects.answers),
            left_receipts: effects.left_receipts.take(),
        };
        let lines = std::mem::take(&mut effects.lines);
        self.observer_queue.report_effects(effects);
        for line in lines {
            log::write(line, &self.observer_queue.destination());
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, Engine>> {
        let engine = self.lock.lock();
        if engine.is_none() {
            let _is_forked = self.is_forked();
        }
        engine
    }

    /// How often the engine was locked.
    #[cfg(test)]
    #[cfg(not(shuttle))]
    pub(crate) fn locks(&self) -> usize {
        self.lock.locks()
    }

    /// The engine, for tests, which do not fork.
    #[cfg(test)]
    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.lock.in_test()
    }

    /// Whether records are of no use any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

    /// Takes no more events, and delivers what is there until `deadline`.
    pub(crate) fn drain(&self, deadline: Duration) {
        self.change(|engine| engine.drain(deadline)).unwrap_or_default();
        self.is_closing.store(true, Ordering::Release);
    }

    /// Closes, and counts what is left.
    pub(crate) fn close(&self, reason: DropReason) {
        self.change(|engine| engine.close(reason)).unwrap_or_default();
        self.is_closing.store(true, Ordering::Release);
    }

    pub(crate) fn observer_queue(&self) -> &ObserverQueue {
        &self.observer_queue
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

    /// Whether this process is a child that was forked from the worker's. Asks the operating system. A child that finds
    /// out closes its copy of the sink.
    pub(crate) fn is_forked(&self) -> bool {
        let is_forked = self.lock.is_forked();
        if is_forked {
            fork::close_copy(&self.lock, &self.observer_queue.destination());
        }
        is_forked
    }

    /// The same, as far as is known without asking.
    pub(crate) fn is_known_as_forked(&self) -> bool {
        self.lock.is_known_as_forked()
    }

    /// What became of every event.
    pub(crate) fn ledger(&self) -> Ledger {
        self.look(Engine::ledger).unwrap_or_else(|| self.forked_drops.ledger(&self.lock))
    }

    /// Counts a record that did not come in, and tells nobody.
    pub(crate) fn count_dropped(&self, lane: Lane, reason: DropReason) {
        if self.change(|engine| engine.count_dropped(lane, reason)).is_none() {
            self.forked_drops.count(lane);
        }
    }

    /// Counts a record that did not come in, and tells of it.
    pub(crate) fn refuse(&self, refused: Refused) {
        let lane = refused.lane;
        if self.change(|engine| engine.refuse(refused)).is_none() {
            self.forked_drops.count(lane);
        }
    }

    /// Waits until `condition` holds for the engine, and until everybody is told of what brought that about. Returns
    /// what it found; `None` in a forked child.
    pub(crate) async fn until<T>(&self, mut condition: impl FnMut(&Engine) -> Option<T> + Send) -> Option<T> {
        // Under one lock: the mark is behind every change that the condition saw.
        let mut look = |shared: &Self| shared.look(|engine| Some((condition(engine)?, shared.tickets.mark())));
        let (found, mark) =
            self.until_progress_brings(|shared| look(shared).map_or(Some(None), |seen| seen.map(Some))).await?;
        self.until_progress_brings(|shared| shared.tickets.are_told_before(mark).then_some(())).await;
        Some(found)
    }

    async fn until_progress_brings<T>(&self, mut find: impl FnMut(&Self) -> Option<T> + Send) -> T {
        loop {
            let mut progress = pin!(self.progress.notified());
            // Enlisted before the look, so that no progress between the look and the wait is missed.
            progress.as_mut().enable();
            if let Some(found) = find(self) {
                return found;
            }
            Caught(progress).await;
        }
    }
}

/// A change of which the observers and the log were told. Dropping it gives the answers and wakes those who wait.
struct Reported<'s> {
    shared: &'s Shared,
    ticket: u64,
    answers: Vec<(Receipt, Settlement)>,
    left_receipts: Option<(Vec<Option<Receipt>>, Settlement)>,
}

impl Drop for Reported<'_> {
    fn drop(&mut self) {
        // Before anybody is woken: a waker that flushes does not wait for its own wake-up.
        self.shared.tickets.give_back(self.ticket);
        for (receipt, settlement) in self.answers.drain(..) {
            receipt.settle(settlement);
        }
        if let Some((receipts, settlement)) = self.left_receipts.take() {
            receipts.into_iter().flatten().for_each(|receipt| receipt.settle(settlement));
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
