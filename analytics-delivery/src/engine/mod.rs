//! All that is decided under the lock: phase, room, routes, accounting. No clock, no socket, no chance, no log.
//!
//! Times are durations since the engine's start.

mod admission;
mod attempt;
mod drop_log;
mod effects;
mod outage;
mod phase;
mod reading;
mod receipts;
mod remarks;
mod route_state;
mod settling;

use std::time::Duration;

use analytics_core::{DropReason, Ledger, Settlement};

pub(crate) use self::admission::Admission;
pub(crate) use self::attempt::{Attempt, BatchIdentity};
pub(crate) use self::drop_log::DropLog;
pub(crate) use self::effects::{Effects, Leftover};
use self::outage::Outage;
pub(crate) use self::outage::{Edge, OutageView};
pub(crate) use self::phase::Phase;
use self::receipts::Receipts;
use self::remarks::Remarks;
pub(crate) use self::remarks::{Remark, RemarkKind};
use self::route_state::RouteState;
use crate::policy::{BatchPolicy, RetryPolicy};
use crate::queue::{AgeUnits, Leased, Pool, age, age_units};
use crate::{DeliveryConfig, Route};

/// The state that callers and the worker share.
#[derive(Debug)]
pub(crate) struct Engine {
    config: DeliveryConfig,
    batching: BatchPolicy,
    retrying: RetryPolicy,
    phase: Phase,
    routes: Vec<RouteState>,
    pool: Pool,
    ledger: Ledger,
    receipts: Receipts,
    drops: DropLog,
    leftover: Option<Leftover>,
    /// Whether anything happened since the effects were taken that somebody may wait for.
    has_progressed: bool,
    /// The number of the next batch.
    next_batch: u64,
    /// Bytes of the events that are not settled.
    live_bytes: usize,
    /// Bytes of the largest event that found no room and waits for it.
    wanted: usize,
    /// When the worker last looked. Events take their age from it, so that tracking one asks no clock.
    looked_at: AgeUnits,
    /// Whether the worker was woken and has not looked since.
    is_woken: bool,
    outage: Outage,
    remarks: Remarks,
}

/// What the worker does next.
#[derive(Debug)]
pub(crate) enum EngineStep {
    /// Send these events; at `deadline` the attempt ends.
    Send(Flight),
    /// Look again then.
    WaitUntil(Duration),
    /// Wait until something happens.
    Wait,
    /// The sink is closed.
    Finished,
}

/// A batch on its way.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) attempt: Attempt,
    pub(crate) route: Route,
    pub(crate) leased: Leased,
}

impl Engine {
    pub(crate) fn new(config: DeliveryConfig) -> Self {
        Self {
            batching: BatchPolicy::new(&config),
            retrying: RetryPolicy::new(&config),
            phase: Phase::Running,
            routes: Vec::new(),
            pool: Pool::new(config.queue_bytes.get()),
            ledger: Ledger::new(),
            receipts: Receipts::default(),
            drops: DropLog::default(),
            leftover: None,
            has_progressed: false,
            next_batch: 0,
            live_bytes: 0,
            wanted: 0,
            looked_at: 0,
            is_woken: false,
            outage: Outage::default(),
            remarks: Remarks::default(),
            config,
        }
    }

    /// Keeps dropped events among the [effects](Self::take_effects).
    pub(crate) fn keep_drops(&mut self) {
        self.drops = DropLog::new(true);
    }

    /// What is to be told outside the lock, if anything happened.
    pub(crate) fn take_effects(&mut self) -> Option<Effects> {
        std::mem::take(&mut self.has_progressed).then(|| Effects {
            drops: self.drops.take(),
            answered: self.receipts.take_answered(),
            leftover: self.leftover.take(),
        })
    }

    /// Bytes of the events that are not settled.
    pub(crate) fn pending_bytes(&self) -> usize {
        self.live_bytes
    }

    /// Counts an event that was dropped before it came in, and told of.
    pub(crate) fn count_dropped(&mut self, reason: DropReason) {
        self.ledger.add_dropped(reason, 1);
    }

    /// Counts properties that were left out.
    pub(crate) fn count_left_out(&mut self, properties: usize) {
        self.ledger.add_properties_dropped(properties as u64);
    }

    /// The ledger. Pending are the events that the queues hold, waiting or leased.
    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger.with_pending(self.live_events() as u64)
    }

    fn live_events(&self) -> usize {
        self.routes.iter().map(|state| state.queue.live_events()).sum()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    pub(crate) fn outage(&self) -> OutageView<'_> {
        self.outage.view()
    }

    /// Hurries all that is queued until `deadline`, and returns the mark that [`is_flushed`](Self::is_flushed) takes.
    pub(crate) fn hurry(&mut self, deadline: Duration) -> Vec<u64> {
        self.is_woken = true;
        self.routes.iter_mut().map(|state| state.hurry(deadline)).collect()
    }

    /// Whether all that was queued when `mark` was made is settled.
    pub(crate) fn is_flushed(&self, mark: &[u64]) -> bool {
        self.routes.iter().zip(mark).all(|(state, end)| state.queue.lowest_unsettled() >= *end)
    }

    /// Takes no more events, and delivers what is there until `deadline`. A later call may only bring it forward.
    pub(crate) fn drain(&mut self, deadline: Duration) {
        self.phase = match self.phase {
            Phase::Running => Phase::Draining { deadline },
            Phase::Draining { deadline: other } => Phase::Draining { deadline: deadline.min(other) },
            Phase::Closed => Phase::Closed,
        };
        self.hurry(deadline);
    }

    /// Closes, and counts what is left.
    pub(crate) fn close(&mut self, reason: DropReason) {
        let left = self.live_events();
        self.phase = Phase::Closed;
        self.ledger.add_dropped(reason, left as u64);
        self.receipts.answer_all(Settlement::Dropped(reason));
        self.live_bytes = 0;
        self.has_progressed = true;
        if self.leftover.is_none() {
            let queues = self.routes.iter_mut().map(|state| state.queue.take()).collect();
            self.leftover = Some(Leftover { reason, queues, _pool: self.pool.take_all() });
        }
    }

    /// Closes a forked child's copy. Its events are the parent's to deliver, and those who wait for them are not in here:
    /// nobody is told, and nobody is woken.
    pub(crate) fn close_copy(&mut self) {
        let left = self.live_events();
        self.phase = Phase::Closed;
        self.ledger.add_dropped(DropReason::Closed, left as u64);
        self.receipts.forget_all();
        self.live_bytes = 0;
        // Left as they are: freeing what is shared with the parent would copy it.
        self.routes.drain(..).for_each(std::mem::forget);
    }

    /// The interval is over: all that waits is to be sent.
    pub(crate) fn tick(&mut self) {
        self.routes.iter_mut().for_each(RouteState::make_due);
    }

    /// What to do at `now`.
    pub(crate) fn next(&mut self, now: Duration) -> EngineStep {
        self.looked_at = age_units(now);
        self.is_woken = false;
        self.expire(now);
        self.refuse_hurried(now);
        let mut look_at = match self.phase {
            Phase::Closed => return EngineStep::Finished,
            Phase::Draining { deadline } if now >= deadline || self.live_events() == 0 => {
                self.close(DropReason::Abandoned);
                return EngineStep::Finished;
            }
            Phase::Draining { deadline } => Some(deadline),
            Phase::Running => None,
        };
        for (route_index, state) in self.routes.iter_mut().enumerate() {
            match state.next(&self.batching, now) {
                route_state::RouteStep::Send => {
                    let new = BatchIdentity::new(self.next_batch, now);
                    self.next_batch += 1;
                    return EngineStep::Send(state.lease(&self.batching, route_index, new));
                }
                route_state::RouteStep::WaitUntil(then) => {
                    look_at = Some(look_at.map_or(then, |other| other.min(then)));
                }
                route_state::RouteStep::Wait => {}
            }
        }
        look_at.map_or(EngineStep::Wait, EngineStep::WaitUntil)
    }

    /// Gives up waiting events that are too old.
    fn expire(&mut self, now: Duration) {
        for route_index in 0..self.routes.len() {
            let oldest = |engine: &mut Self| engine.routes.get_mut(route_index)?.oldest();
            while let Some((seq, queued_at)) = oldest(self) {
                if !self.retrying.is_expired(age(queued_at, now)) {
                    break;
                }
                self.account(route_index, seq, Settlement::Dropped(DropReason::Expired));
            }
        }
    }

    /// A server that does not know the key is asked once in a while. Whoever waits for events meanwhile, in a flush or
    /// a shutdown, is told at once.
    fn refuse_hurried(&mut self, now: Duration) {
        for route_index in 0..self.routes.len() {
            let barred = self.routes.get(route_index).filter(|state| state.is_barred(now));
            let seqs = barred.map(|state| state.hurried(now)).unwrap_or_default();
            self.drop_all(route_index, &seqs, DropReason::Unauthorized);
        }
    }

    /// Drops all events that are not in flight. Returns their number.
    pub(crate) fn purge(&mut self, reason: DropReason) -> u64 {
        let mut purged = 0;
        for route_index in 0..self.routes.len() {
            let seqs = self.routes.get(route_index).map(|state| state.queue.unleased()).unwrap_or_default();
            purged += seqs.len() as u64;
            self.drop_all(route_index, &seqs, reason);
        }
        purged
    }

    fn drop_all(&mut self, route_index: usize, seqs: &[u64], reason: DropReason) {
        for seq in seqs {
            self.account(route_index, *seq, Settlement::Dropped(reason));
        }
    }

    /// Counts an attempt that begins at `now`, and returns the moment at which it ends.
    pub(crate) fn begin_attempt(&mut self, route_index: usize, now: Duration) -> Duration {
        self.ledger.add_request();
        let timeout = self.routes.get(route_index).map_or(self.config.request_timeout, |state| state.link.timeout());
        let ends_at = now.saturating_add(timeout);
        match self.phase {
            Phase::Draining { deadline } => ends_at.min(deadline),
            Phase::Running | Phase::Closed => ends_at,
        }
    }

    /// The identity of a batch that was made of another one.
    pub(crate) fn new_batch(&mut self, now: Duration) -> BatchIdentity {
        let number = self.next_batch;
        self.next_batch += 1;
        BatchIdentity::new(number, now)
    }

    /// A flight is over, however it ended.
    pub(crate) fn landed(&mut self, route_index: usize) {
        if let Some(state) = self.routes.get_mut(route_index) {
            state.in_flight -= 1;
        }
    }
}

// Outside of its schedules a lock of `shuttle` cannot be used.
#[cfg(test)]
#[cfg(not(shuttle))]
mod simulation;
#[cfg(test)]
pub(crate) mod tests;
