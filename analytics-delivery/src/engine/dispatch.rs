//! A batch on its way, from its lease to its landing.

use std::time::Duration;

use super::{Attempt, AttemptReport, Engine, LogLine, Phase, numbered};
use crate::answer::{Answer, AttemptResult, Outcome};
use crate::batch::BatchIdentity;
use crate::queue::{Leased, Slot};
use crate::route::Route;

/// A batch on its way: the part that is being sent, and those that follow if it was split.
#[derive(Debug)]
pub(crate) struct Dispatch {
    pub(crate) attempt: Attempt,
    pub(crate) route: Route,
    pub(crate) leased: Leased,
    /// Sent afterwards, the last one first.
    pub(super) parts: Vec<BatchPart>,
    pub(super) is_split: bool,
}

/// A part of a batch that was split: a batch of its own.
#[derive(Debug)]
pub(super) struct BatchPart {
    pub(super) batch: BatchIdentity,
    pub(super) leased: Leased,
}

/// How a dispatch ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The transport panicked.
    Panicked,
    /// Nobody waits for the answer any more.
    CalledOff,
}

impl Dispatch {
    pub(super) fn new(attempt: Attempt, route: Route, leased: Leased, parts: Vec<BatchPart>) -> Self {
        // A part of a batch that was halved pays for the next halving, if it arrives.
        let is_split = attempt.batch.is_suspect || !parts.is_empty();
        Self { attempt, route, leased, parts, is_split }
    }
}

impl Engine {
    /// An attempt begins at `now`: it is counted, and its end is known.
    pub(super) fn depart(&mut self, mut dispatch: Dispatch, now: Duration) -> Dispatch {
        dispatch.attempt.began_at = now;
        dispatch.attempt.ends_at = self.begin_attempt(dispatch.attempt.route_id, now);
        dispatch
    }

    /// Takes the answer to a dispatch's attempt. A batch that is too large, or refused without a culprit, is halved
    /// until its parts pass, without being written again: then the next part is returned, to be sent. If its batch has
    /// to be sent again, or the back-off begins, the dispatch ends, and the parts are kept for when they may be sent.
    pub(crate) fn finish_attempt(
        &mut self,
        dispatch: Dispatch,
        answer: &Answer,
        now: Duration,
        chance: f64,
    ) -> Option<Dispatch> {
        let Dispatch { attempt, route, mut leased, mut parts, mut is_split } = dispatch;
        let is_open = self.phase != Phase::Closed;
        let goes_on = if is_open && self.splits(attempt.route_id, leased.slots.len(), answer, now) {
            self.report(&attempt, &leased.slots, answer, AttemptResult::Split, (0, 0), now);
            is_split = true;
            let second = leased.split_off_half();
            let is_suspect = attempt.batch.is_suspect;
            let mut new_batch = || BatchIdentity { is_suspect, ..numbered(&mut self.next_batch, now) };
            let (first_half, second_half) = (new_batch(), new_batch());
            parts.push(BatchPart { batch: second_half, leased: second });
            parts.push(BatchPart { batch: first_half, leased });
            true
        } else {
            let Leased { slots, chunks, .. } = leased;
            // Before the events are settled, so that the queue has its chunks for itself again.
            drop(chunks);
            if is_split && answer.outcome == Outcome::Delivered {
                self.part_arrived(attempt.route_id);
            }
            let settled = self.settle(&attempt, &slots, &mut parts, answer, now, chance);
            let result = if settled.is_failure { AttemptResult::Failed } else { AttemptResult::Answered };
            self.report(&attempt, &slots, answer, result, (settled.delivered, settled.dropped), now);
            self.effects.snapshot();
            settled.goes_on
        };
        if goes_on && is_open {
            while let Some(BatchPart { batch, mut leased }) = parts.pop() {
                self.routes[attempt.route_id].hold_back(&mut leased);
                if !leased.slots.is_empty() {
                    let next = Dispatch { attempt: Attempt { batch, ..attempt }, route, leased, parts, is_split };
                    return Some(self.depart(next, now));
                }
            }
        }
        self.keep_unsent(attempt.route_id, parts);
        self.attempt_finished(attempt.route_id);
        None
    }

    /// Ends a dispatch whose answer nobody will see. What was being sent is sent again.
    pub(crate) fn cut_off(&mut self, dispatch: Dispatch, cut: Cut, now: Duration, chance: f64) {
        let Dispatch { attempt, leased, parts, .. } = dispatch;
        let (dropped_before, mut answer) = (self.ledger.dropped_total(), Answer::new(Outcome::Retry { after: None }));
        match cut {
            Cut::Panicked => {
                answer = answer.with_cause("the transport panicked");
                if let Some(transition) = self.panicked(&attempt, &leased.slots, parts, now, chance) {
                    let lane = self.routes[attempt.route_id].route.lane;
                    self.effects.log(LogLine::OutageTransition(lane, transition));
                }
            }
            Cut::CalledOff => {
                answer = answer.with_cause("called off");
                self.interrupted(&attempt, &leased.slots, parts);
            }
        }
        // What was in the worker's hands in too many panics was given up.
        let dropped = self.ledger.dropped_total() - dropped_before;
        self.report(&attempt, &leased.slots, &answer, AttemptResult::CutOff, (0, dropped), now);
        self.attempt_finished(attempt.route_id);
        self.wake();
    }

    /// Notes what became of an attempt, and how many events arrived and were dropped.
    fn report(
        &mut self,
        attempt: &Attempt,
        slots: &[Slot],
        answer: &Answer,
        result: AttemptResult,
        (delivered, dropped): (u64, u64),
        now: Duration,
    ) {
        self.effects.report(|| AttemptReport {
            number: attempt.batch.number,
            attempt: attempt.batch.attempted().attempts,
            result,
            events: slots.len() as u64,
            delivered,
            dropped,
            event_bytes: slots.iter().map(|slot| u64::from(slot.len)).sum(),
            body_bytes: answer.body_bytes,
            took: now.saturating_sub(attempt.began_at),
            cause: answer.cause.to_string(),
        });
    }
}
