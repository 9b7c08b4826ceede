//! All that is decided under the lock: phase, room, routes, accounting. No clock, no socket, no chance, no log.
//!
//! Times are durations since the engine's start.

mod outage;
mod phase;
mod receipts;
mod route_state;

use std::time::Duration;

use analytics_core::{DropReason, Ledger, Receipt, Settlement};

use self::outage::Outage;
pub(crate) use self::outage::{Edge, OutageView};
pub(crate) use self::phase::Phase;
use self::receipts::Receipts;
use self::route_state::RouteState;
use crate::policy::{BatchPolicy, RetryPolicy, RetryStep};
use crate::queue::{AgeUnits, ENTRY_BYTES, Leased, Pool, Slot, age, age_units};
use crate::{Answer, DeliveryConfig, Outcome, Overflow, Route, Verdict};

/// After this many panics of the worker with an event in its hands, the event is given up.
const MAX_PANICS: u8 = 3;

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
    /// Bytes of the events that are not settled.
    live_bytes: usize,
    /// Bytes of the largest event that found no room and waits for it.
    wanted: usize,
    /// When the worker last looked. Events take their age from it, so that tracking one asks no clock.
    looked_at: AgeUnits,
    /// Whether the worker was woken and has not looked since.
    is_woken: bool,
    outage: Outage,
}

/// How an event comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Admission {
    /// Whether it may use the room kept for critical events.
    pub(crate) critical: bool,
    /// Whether it waits for room: then no other event is dropped for it.
    pub(crate) waits: bool,
}

/// An event that was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// Whether the worker has to be woken.
    pub(crate) wake: bool,
    /// Older events that were dropped for it.
    pub(crate) displaced: u64,
    route_index: usize,
    seq: u64,
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

/// What became of an attempt.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What is to be logged.
    pub(crate) edge: Option<Edge>,
    /// Whether the next part of a split batch may be sent.
    pub(crate) goes_on: bool,
}

/// A batch on its way.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) route_index: usize,
    pub(crate) route: Route,
    pub(crate) generation: u64,
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
            live_bytes: 0,
            wanted: 0,
            looked_at: 0,
            is_woken: false,
            outage: Outage::default(),
            config,
        }
    }

    // ---- callers

    /// Lets an event in, or says why not; the caller counts what is refused.
    pub(crate) fn admit(&mut self, route: Route, event: &[u8], how: Admission) -> Result<Admitted, DropReason> {
        if self.phase != Phase::Running {
            return Err(DropReason::Closed);
        }
        if event.len() + ENTRY_BYTES > self.limits(how.critical).1 {
            // It will not fit into an empty queue either.
            return Err(DropReason::TooLarge);
        }
        let mut displaced = 0;
        if !self.has_room_for(event.len(), how.critical) {
            if how.waits {
                self.wanted = self.wanted.max(event.len());
                return Err(DropReason::QueueFull);
            }
            displaced = self.make_room_for(event.len(), how.critical).ok_or(DropReason::QueueFull)?;
        }
        if event.len() >= self.wanted {
            self.wanted = 0;
        }
        let route_index = self.route_index(route);
        let Some(state) = self.routes.get_mut(route_index) else { return Err(DropReason::QueueFull) };
        let seq = state.queue.push(event, self.looked_at, &mut self.pool);
        self.live_bytes += event.len();
        let wake = !self.is_woken && state.wakes(&self.batching);
        self.is_woken |= wake;
        Ok(Admitted { wake, displaced, route_index, seq })
    }

    /// Keeps the receipt of an event that was just let in.
    pub(crate) fn keep_receipt(&mut self, admitted: Admitted, receipt: Receipt) {
        let number = self.receipts.keep(receipt);
        if let Some(state) = self.routes.get_mut(admitted.route_index) {
            state.queue.set_receipt(admitted.seq, number);
        }
    }

    /// The answers that are to be given, outside the lock.
    pub(crate) fn take_answered(&mut self) -> Vec<(Receipt, Settlement)> {
        self.receipts.take_answered()
    }

    fn route_index(&mut self, route: Route) -> usize {
        self.routes.iter().position(|state| state.route == route).unwrap_or_else(|| {
            let most = self.config.queue_bytes.get() / ENTRY_BYTES;
            self.routes.push(RouteState::new(route, self.config.queue_events.get().min(most)));
            self.routes.len() - 1
        })
    }

    /// The limits of events and of bytes. The last twentieth of both is for critical events.
    fn limits(&self, critical: bool) -> (usize, usize) {
        let open = |limit: usize| if critical { limit } else { limit - limit / 20 };
        (open(self.config.queue_events.get()), open(self.config.queue_bytes.get()))
    }

    /// Whether an event of `len` bytes may come in.
    fn has_room_for(&self, len: usize, critical: bool) -> bool {
        let (events, bytes) = self.limits(critical);
        self.live_events() < events && self.with_index(self.live_bytes.saturating_add(len)) <= bytes
    }

    /// `bytes` with an index that has one entry more. It counts whole: behind an event that takes long, settled ones
    /// keep their entries.
    fn with_index(&self, bytes: usize) -> usize {
        let entries: usize = self.routes.iter().map(|state| state.queue.index_len()).sum();
        bytes.saturating_add((entries + 1).saturating_mul(ENTRY_BYTES))
    }

    /// Drops the oldest events that wait until one of `len` bytes may come in, if that is the policy and can be done.
    /// Returns their number.
    fn make_room_for(&mut self, len: usize, critical: bool) -> Option<u64> {
        let (events, bytes) = self.limits(critical);
        let waiting = |count: fn(&RouteState) -> usize| self.routes.iter().map(count).sum::<usize>();
        let in_flight_bytes = self.live_bytes - waiting(|state| state.queue.waiting_bytes());
        let in_flight_events = self.live_events() - waiting(|state| state.queue.waiting_events());
        // What is in flight stays, and so may the entries behind it; nothing is dropped for an event that they leave no
        // room for, or that would empty half of the queue.
        let needed = self.with_index(in_flight_bytes.saturating_add(len));
        let is_possible = in_flight_events < events && needed <= bytes && len <= bytes / 2;
        if self.config.overflow != Overflow::DropOldest || !is_possible {
            return None;
        }
        let mut displaced = 0;
        while !self.has_room_for(len, critical) {
            let oldest = self.routes.iter_mut().enumerate().filter_map(|(route_index, state)| {
                state.queue.first_waiting().map(|(seq, queued_at)| (queued_at, route_index, seq))
            });
            let (_, route_index, seq) = oldest.min()?;
            self.account(route_index, seq, Settlement::Dropped(DropReason::QueueFull));
            displaced += 1;
        }
        Some(displaced)
    }

    /// Whether whoever waits for room may try again, or waiting has no sense any more.
    pub(crate) fn has_room_or_is_closed(&self) -> bool {
        self.phase != Phase::Running || self.has_room_for(self.wanted, false)
    }

    /// Counts a drop; tells whether it is the first for `reason`.
    pub(crate) fn count_dropped(&mut self, reason: DropReason) -> bool {
        self.ledger.add_dropped(reason, 1);
        self.ledger.dropped(reason) == 1
    }

    /// Counts properties that were left out; tells whether they are the first.
    pub(crate) fn count_properties_dropped(&mut self, properties: u32) -> bool {
        let first = self.ledger.properties_dropped() == 0;
        self.ledger.add_properties_dropped(properties.into());
        first
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
        self.phase = Phase::Closed;
        let left: usize = self.routes.iter_mut().map(|state| state.queue.clear()).sum();
        self.ledger.add_dropped(reason, left as u64);
        self.receipts.answer_all(Settlement::Dropped(reason));
        self.live_bytes = 0;
        self.pool.clear();
    }

    // ---- the worker

    /// The interval is over: all that waits is to be sent.
    pub(crate) fn tick(&mut self) {
        self.routes.iter_mut().for_each(RouteState::make_due);
    }

    /// What to do at `now`.
    pub(crate) fn next(&mut self, now: Duration) -> EngineStep {
        self.looked_at = age_units(now);
        self.is_woken = false;
        let mut look_at = match self.phase {
            Phase::Closed => return EngineStep::Finished,
            Phase::Draining { deadline } if now >= deadline || self.live_events() == 0 => {
                self.close(DropReason::Abandoned);
                return EngineStep::Finished;
            }
            Phase::Draining { deadline } => Some(deadline),
            Phase::Running => None,
        };
        self.expire(now);
        for (route_index, state) in self.routes.iter_mut().enumerate() {
            match state.next(&self.batching, now) {
                route_state::RouteStep::Send => {
                    let leased = state.lease(&self.batching, now);
                    let (route, generation) = (state.route, state.gate.generation());
                    return EngineStep::Send(Flight { route_index, route, generation, leased });
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
            let first = |engine: &mut Self| engine.routes.get_mut(route_index)?.queue.first_waiting();
            while let Some((seq, queued_at)) = first(self) {
                if !self.retrying.is_expired(age(queued_at, now)) {
                    break;
                }
                self.account(route_index, seq, Settlement::Dropped(DropReason::Expired));
            }
        }
    }

    /// Settles one event: in its queue, in the ledger and for whoever waits for word of it.
    fn account(&mut self, route_index: usize, seq: u64, settlement: Settlement) {
        let Some(state) = self.routes.get_mut(route_index) else { return };
        let Some(entry) = state.queue.settle(seq, &mut self.pool) else { return };
        self.live_bytes -= entry.len as usize;
        self.ledger.add(settlement);
        self.receipts.answer(entry.receipt, settlement);
    }

    /// The moment at which an attempt that begins at `now` ends.
    pub(crate) fn attempt_ends_at(&self, now: Duration) -> Duration {
        let ends_at = now.saturating_add(self.config.request_timeout);
        match self.phase {
            Phase::Draining { deadline } => ends_at.min(deadline),
            Phase::Running | Phase::Closed => ends_at,
        }
    }

    /// Whether a batch of `events` is to be sent again in halves after `answer`; if so, the request is counted here.
    pub(crate) fn splits(&mut self, route_index: usize, events: usize, answer: &Answer, now: Duration) -> bool {
        let Some(state) = self.routes.get_mut(route_index) else { return false };
        let splits = match answer.outcome {
            _ if events < 2 => false,
            Outcome::Split => true,
            Outcome::Poisoned => state.bisecting.split(now),
            _ => false,
        };
        if splits {
            self.ledger.add_request(0, answer.body_bytes);
        }
        splits
    }

    /// A part of a split batch arrived.
    pub(crate) fn part_arrived(&mut self, route_index: usize) {
        if let Some(state) = self.routes.get_mut(route_index) {
            state.bisecting.rewarded();
        }
    }

    /// Settles what an attempt came to.
    pub(crate) fn settle(
        &mut self,
        route_index: usize,
        generation: u64,
        slots: &[Slot],
        answer: &Answer,
        now: Duration,
        chance: f64,
    ) -> Settled {
        let before = self.ledger();
        let event_bytes: u64 = slots.iter().map(|slot| u64::from(slot.len)).sum();
        self.ledger.add_request(if answer.body_bytes > 0 { event_bytes } else { 0 }, answer.body_bytes);
        let (verdicts, retry_after): (&[Verdict], _) = match &answer.outcome {
            Outcome::PerEvent { verdicts, after } => (verdicts, *after),
            Outcome::Retry { after } => (&[], *after),
            Outcome::Delivered | Outcome::Refused(_) | Outcome::Split | Outcome::Poisoned => (&[], None),
        };
        let for_all = match &answer.outcome {
            Outcome::Delivered | Outcome::PerEvent { .. } => Verdict::Delivered,
            Outcome::Retry { .. } => Verdict::Retry,
            Outcome::Refused(reason) => Verdict::Dropped(*reason),
            // A batch that can be split is split before it comes here; one event alone is too large itself.
            Outcome::Split => Verdict::Dropped(DropReason::TooLarge),
            Outcome::Poisoned => Verdict::Dropped(DropReason::Refused),
        };
        let verdict_of = |index: usize| verdicts.get(index).copied().unwrap_or(for_all);
        let mut to_retry = 0;
        for (index, slot) in slots.iter().enumerate() {
            let verdict = verdict_of(index);
            to_retry += usize::from(verdict == Verdict::Retry);
            self.settle_one(route_index, slot, verdict, now);
        }
        let nothing_settled = to_retry == slots.len();
        let Some(state) = self.routes.get_mut(route_index) else { return Settled::default() };
        if nothing_settled {
            state.gate.failed(generation, now, retry_after, chance);
        } else {
            state.gate.succeeded(generation);
            if to_retry > 0 {
                state.gate.held(now, retry_after);
            }
        }
        let goes_on = state.gate.is_open(now);
        let after = self.ledger();
        let mut failed = |reason| self.outage.failed(now, &answer.because, reason, &before, &after);
        let edge = match for_all {
            Verdict::Delivered if !nothing_settled => self.outage.succeeded(now, &after),
            Verdict::Delivered | Verdict::Retry => failed(None),
            Verdict::Dropped(reason) => failed(Some(reason)),
        };
        Settled { edge, goes_on }
    }

    /// The transport panicked with these events in its hands. Returns what is to be logged.
    pub(crate) fn panicked(
        &mut self,
        route_index: usize,
        generation: u64,
        slots: &[Slot],
        now: Duration,
        chance: f64,
    ) -> Option<Edge> {
        let before = self.ledger();
        self.give_back(route_index, slots, true, true);
        if let Some(state) = self.routes.get_mut(route_index) {
            state.gate.failed(generation, now, None, chance);
        }
        let after = self.ledger();
        self.outage.failed(now, "the transport panicked", None, &before, &after)
    }

    fn settle_one(&mut self, route_index: usize, slot: &Slot, verdict: Verdict, now: Duration) {
        let Some(state) = self.routes.get_mut(route_index) else { return };
        // An event that was settled meanwhile, at a shutdown's grace say, has its answer already.
        let Some(entry) = state.queue.leased(slot.seq) else { return };
        let attempts = u32::from(slot.attempts).saturating_add(1);
        match self.retrying.next(verdict, attempts, age(entry.queued_at, now)) {
            RetryStep::Return => state.queue.give_back(slot.seq, true, false),
            RetryStep::Delivered => self.account(route_index, slot.seq, Settlement::Delivered),
            RetryStep::Drop(reason) => self.account(route_index, slot.seq, Settlement::Dropped(reason)),
        }
    }

    /// Lets events wait again whose lease ended without an answer. What was leased in three panics is given up.
    pub(crate) fn give_back(&mut self, route_index: usize, slots: &[Slot], attempted: bool, panicked: bool) {
        for slot in slots {
            let Some(state) = self.routes.get_mut(route_index) else { return };
            let Some(entry) = state.queue.leased(slot.seq) else { continue };
            if panicked && entry.panics + 1 >= MAX_PANICS {
                self.account(route_index, slot.seq, Settlement::Dropped(DropReason::Panicked));
            } else {
                state.queue.give_back(slot.seq, attempted, panicked);
            }
        }
    }

    /// A flight is over, however it ended.
    pub(crate) fn landed(&mut self, route_index: usize) {
        if let Some(state) = self.routes.get_mut(route_index) {
            state.in_flight -= 1;
        }
    }
}

#[cfg(test)]
mod tests;
