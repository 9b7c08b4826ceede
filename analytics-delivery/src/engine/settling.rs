//! What becomes of events after an attempt.

use std::time::Duration;

use analytics_core::{DropReason, Settlement};

use super::{Edge, Engine};
use crate::policy::RetryStep;
use crate::queue::{Slot, age};
use crate::{Answer, Outcome, Verdict};

/// After this many panics of the worker with an event in its hands, the event is given up.
const MAX_PANICS: u8 = 3;

/// What became of an attempt.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What is to be logged.
    pub(crate) edge: Option<Edge>,
    /// Whether the next part of a split batch may be sent.
    pub(crate) goes_on: bool,
}

impl Engine {
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

    /// Settles one event: in its queue, in the ledger and for whoever waits for word of it.
    pub(super) fn account(&mut self, route_index: usize, seq: u64, settlement: Settlement) {
        let Some(state) = self.routes.get_mut(route_index) else { return };
        let Some(entry) = state.queue.settle(seq, &mut self.pool) else { return };
        self.live_bytes -= entry.len as usize;
        self.ledger.add(settlement);
        self.receipts.answer(entry.receipt, settlement);
    }
}
