//! What becomes of events after an attempt.

use std::time::Duration;

use analytics_core::{DropReason, LaneLedger, Settlement};

use super::dispatch::BatchPart;
use super::lanes::LaneState;
use super::reading::Reading;
use super::retained::{Repeat, RetainedBatchPart};
use super::{Attempt, Engine, LogLine, OutageTransition, RouteId, numbered};
use crate::answer::{Answer, Outcome, Verdict};
use crate::batch::BatchIdentity;
use crate::policy::{Pause, RetryStep, Sent};
use crate::queue::{EntryId, Slot, age};
use crate::transport::Repeats;

/// After this many panics of the worker with an event in its hands, the event is given up.
const MAX_PANICS: u8 = 3;

/// What became of an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Settled {
    /// Whether the server does not work.
    pub(super) is_failure: bool,
    /// Events that arrived.
    pub(super) delivered: u64,
    /// Events that were dropped.
    pub(super) dropped: u64,
    /// Whether the next part of a split batch may be sent.
    pub(super) goes_on: bool,
}

impl Engine {
    /// Whether a batch of `events` is to be sent again in halves after `answer`; if so, its body is counted here.
    pub(super) fn splits(&mut self, route_id: RouteId, events: usize, answer: &Answer, now: Duration) -> bool {
        let state = &mut self.routes[route_id];
        let splits = match answer.outcome {
            _ if events < 2 => false,
            Outcome::Split => true,
            Outcome::Poisoned => state.bisecting.split(now),
            _ => false,
        };
        if splits {
            self.ledger.add_sent(0, answer.body_bytes);
        }
        splits
    }

    /// A part of a split batch arrived.
    pub(super) fn part_arrived(&mut self, route_id: RouteId) {
        self.routes[route_id].bisecting.rewarded();
    }

    /// Settles what an attempt came to. Of the `parts` behind it those are left that need not wait until it is made
    /// again.
    pub(super) fn settle(
        &mut self,
        attempt: &Attempt,
        slots: &[Slot],
        parts: &mut Vec<BatchPart>,
        answer: &Answer,
        now: Duration,
        chance: f64,
    ) -> Settled {
        self.effects.progressed();
        let before = self.ledger_of(attempt.route_id);
        let event_bytes: u64 = slots.iter().map(|slot| u64::from(slot.len)).sum();
        self.ledger.add_sent(if answer.body_bytes > 0 { event_bytes } else { 0 }, answer.body_bytes);
        if answer.is_suspect {
            self.ledger.add_suspect();
        }
        let reading = Reading::of(answer, slots.len(), attempt.batch.is_pruned);
        if !parts.is_empty() && (0..slots.len()).any(|index| reading.verdict_of(index) == Verdict::Unsent) {
            // They come after what waits again now, whoever sends that.
            for part in parts.drain(..) {
                self.give_back(attempt.route_id, &part.leased.slots, false);
            }
        }
        let mut ids = Vec::new();
        for (index, slot) in slots.iter().enumerate() {
            ids.extend(self.settle_one(attempt.route_id, slot, reading.verdict_of(index), reading.is_pruned, now));
        }
        let sent = Sent {
            events: slots.len(),
            event_bytes: usize::try_from(event_bytes).unwrap_or(usize::MAX),
            // Of an attempt that was cut off nobody knows it.
            body_bytes: usize::try_from(if answer.body_bytes > 0 { answer.body_bytes } else { event_bytes })
                .unwrap_or(usize::MAX),
            timeout: attempt.ends_at.saturating_sub(attempt.began_at),
            took: now.saturating_sub(attempt.began_at),
        };
        let has_delivered = self.ledger_of(attempt.route_id).delivered() > before.delivered();
        let state = &mut self.routes[attempt.route_id];
        if has_delivered {
            state.delivered_at = Some(now);
        }
        let is_too_large = state.learn(answer, sent, attempt.batch.breaks, reading.is_failure, now);
        let is_cut = is_too_large && ids.len() > 1 && self.repeats == Repeats::Divisible;
        if !is_cut {
            state.update_back_off(attempt.generation, &reading, now, chance);
        }
        if reading.is_costly {
            let is_in_vain = answer.timed_out || answer.breaks > 0;
            state.costly_failures = if is_in_vain { state.costly_failures.saturating_add(1) } else { 0 };
        }
        self.keep_for_repeat(attempt, &reading, ids, parts, now, chance);
        if is_cut {
            self.cut_retained(attempt.route_id, now);
        }
        self.log_attempt(answer, &reading, &before, attempt.route_id, now)
    }

    /// Keeps events that are to be sent again with their batch, and before the `parts` behind it.
    fn keep_for_repeat(
        &mut self,
        attempt: &Attempt,
        reading: &Reading<'_>,
        ids: Vec<EntryId>,
        parts: &mut Vec<BatchPart>,
        now: Duration,
        chance: f64,
    ) {
        let is_pruned = attempt.batch.is_pruned || reading.is_pruned;
        let breaks = attempt.batch.breaks.saturating_add(reading.breaks);
        let batch = BatchIdentity { is_pruned, breaks, ..attempt.batch.attempted() };
        let mut pause = Pause::default();
        // The back-off's failures are as many as this batch's at least, so that its pause is over first.
        if reading.is_pruned || batch.is_doubtful() {
            pause = Pause::after(batch.attempts, now, reading.retry_after, chance);
        }
        let state = &mut self.routes[attempt.route_id];
        // What is large and goes all the way for nothing is not sent again and again because somebody waits.
        let is_costly = reading.is_costly && state.costly_failures > 0;
        if is_costly {
            pause = Pause::after(state.costly_failures, now, reading.retry_after, chance).unhurried();
            state.retained.hold_costly(pause);
        }
        // What a server could not keep of a batch is apart from the rest, and holds up its own actors alone.
        let holds_up_the_rest = !reading.is_pruned && !ids.is_empty();
        let mut repeat = Repeat { parts: [RetainedBatchPart { batch, ids }].into(), pause, is_costly };
        if holds_up_the_rest {
            repeat.parts.extend(state.retain_parts(std::mem::take(parts)));
        }
        // It fails again and again while others pass: for what is in it. That may hold up no more than it must.
        let others_pass = state.delivered_at.is_some_and(|at| at > attempt.batch.composed_at);
        let is_divisible = self.repeats == Repeats::Divisible && !is_costly && !reading.is_pruned;
        let is_to_be_halved = is_divisible && batch.is_doubtful() && others_pass;
        if is_to_be_halved && repeat.can_be_halved(&state.queue) && state.bisecting.split(now) {
            let repeat = Repeat { pause: Pause::default(), ..repeat };
            for half in repeat.halved(&state.queue, || numbered(&mut self.next_batch, now)) {
                state.retained.keep(half);
            }
        } else {
            state.retained.keep(repeat);
        }
    }

    /// Cuts the batches that are to be sent again to what the way to the server bears. The parts do not wait: the
    /// attempt was long enough, and each is another one.
    fn cut_retained(&mut self, route_id: RouteId, now: Duration) {
        let state = &mut self.routes[route_id];
        state.retained.cut(state.link.bytes(), &state.queue, || numbered(&mut self.next_batch, now));
    }

    /// What is to be logged of an attempt, with the ledger as it was `before` it.
    fn log_attempt(
        &mut self,
        answer: &Answer,
        reading: &Reading<'_>,
        before: &LaneLedger,
        route_id: RouteId,
        now: Duration,
    ) -> Settled {
        let after = self.ledger_of(route_id);
        let LaneState { lane, outage, .. } = &mut self.lanes[self.routes[route_id].lane_id];
        let transition = match reading.for_all {
            Verdict::Delivered if !reading.is_failure => outage.succeeded(now, &after),
            Verdict::Dropped(reason) => outage.failed(now, &answer.cause, Some(reason), before, &after),
            _ => outage.failed(now, &answer.cause, None, before, &after),
        };
        let transition = transition.map(|transition| LogLine::OutageTransition(*lane, transition));
        let warning = self.server_warnings.of(answer, reading.dropped(), now);
        let lines = transition.into_iter().chain(warning.map(LogLine::ServerWarning));
        lines.for_each(|line| self.effects.log(line));
        Settled {
            is_failure: reading.is_failure,
            delivered: after.delivered() - before.delivered(),
            dropped: after.dropped_total() - before.dropped_total(),
            goes_on: self.routes[route_id].back_off.is_open(now),
        }
    }

    /// The transport panicked with these events in its hands, and these `parts` behind them. Returns what is to be
    /// logged.
    pub(super) fn panicked(
        &mut self,
        attempt: &Attempt,
        slots: &[Slot],
        parts: Vec<BatchPart>,
        now: Duration,
        chance: f64,
    ) -> Option<OutageTransition> {
        self.effects.progressed();
        let before = self.ledger_of(attempt.route_id);
        match self.repeats {
            Repeats::Divisible => {
                self.give_back(attempt.route_id, slots, true);
                for part in &parts {
                    self.give_back(attempt.route_id, &part.leased.slots, false);
                }
            }
            Repeats::Whole => {
                self.count_panic(attempt.route_id, slots);
                self.interrupted(attempt, slots, parts);
            }
        }
        self.routes[attempt.route_id].back_off.failed(attempt.generation, now, None, chance);
        let after = self.ledger_of(attempt.route_id);
        let lane = &mut self.lanes[self.routes[attempt.route_id].lane_id];
        lane.outage.failed(now, "the transport panicked", None, &before, &after)
    }

    /// Settles an event by its verdict. Returns its name if it waits to be sent again with its batch.
    fn settle_one(
        &mut self,
        route_id: RouteId,
        slot: &Slot,
        verdict: Verdict,
        is_pruned: bool,
        now: Duration,
    ) -> Option<EntryId> {
        let state = &mut self.routes[route_id];
        let age_of_event = match verdict {
            // An event that was settled meanwhile, at a shutdown's grace say, has its answer already.
            Verdict::Retry => age(state.queue.leased(slot.id)?.queued_at, now),
            // What is not tried again has none that matters.
            _ => Duration::ZERO,
        };
        let attempts = u32::from(slot.attempts).saturating_add(1);
        match self.retrying.next(verdict, attempts, age_of_event) {
            RetryStep::Retain => {
                if is_pruned {
                    return Some(state.queue.set_aside(slot.id, &mut self.lanes[state.lane_id].pool));
                }
                state.queue.retain(slot.id, true);
                return Some(slot.id);
            }
            RetryStep::Return => state.queue.give_back(slot.id, false),
            RetryStep::Delivered => self.account(route_id, slot.id, Settlement::Delivered),
            RetryStep::Drop(reason) => self.account(route_id, slot.id, Settlement::Dropped(reason)),
        }
        None
    }

    /// Nobody knows what became of an attempt: it is made again, as it was, and before the `parts` behind it.
    pub(super) fn interrupted(&mut self, attempt: &Attempt, slots: &[Slot], parts: Vec<BatchPart>) {
        let state = &mut self.routes[attempt.route_id];
        let first = state.retain_part(attempt.batch.attempted(), slots, true);
        let parts = [first].into_iter().chain(state.retain_parts(parts)).collect();
        state.retained.keep(Repeat { parts, ..Repeat::default() });
    }

    /// Keeps the parts of a batch that were not sent: after an answer that began a back-off.
    pub(super) fn keep_unsent(&mut self, route_id: RouteId, parts: Vec<BatchPart>) {
        let state = &mut self.routes[route_id];
        let parts = state.retain_parts(parts).collect();
        state.retained.keep(Repeat { parts, ..Repeat::default() });
    }

    /// Lets events wait again that were not sent, or with which in its hands the worker panicked.
    pub(super) fn give_back(&mut self, route_id: RouteId, slots: &[Slot], panicked: bool) {
        if panicked {
            self.count_panic(route_id, slots);
        }
        for slot in slots {
            self.routes[route_id].queue.give_back(slot.id, panicked);
        }
    }

    /// Counts a panic with these events in the worker's hands. What was leased in three is given up.
    fn count_panic(&mut self, route_id: RouteId, slots: &[Slot]) {
        for slot in slots {
            if self.routes[route_id].queue.count_panic(slot.id) >= MAX_PANICS {
                self.account(route_id, slot.id, Settlement::Dropped(DropReason::Panicked));
            }
        }
    }

    /// Settles one event: in its queue, in the ledger and for whoever waits for word of it.
    pub(super) fn account(&mut self, route_id: RouteId, id: EntryId, settlement: Settlement) {
        let state = &mut self.routes[route_id];
        if let Settlement::Dropped(reason) = settlement
            && self.effects.wants().drops
            && let Some(bytes) = state.queue.bytes(id)
        {
            self.effects.dropped(reason, None, Some(bytes));
        }
        let lane = &mut self.lanes[state.lane_id];
        let Some(entry) = state.queue.settle(id, &mut lane.pool) else { return };
        lane.live_bytes -= entry.len as usize;
        self.effects.progressed();
        self.ledger.add_in(lane.lane, settlement);
        if let Some(receipt) = self.receipts.take(entry.receipt) {
            self.effects.answer(receipt, settlement);
        }
    }
}
