//! A batch on its way, from its lease to its landing.

use std::time::Duration;

use super::{Attempt, AttemptReport, Engine, LogLine, Phase, numbered};
use crate::answer::{Answer, AttemptResult, Outcome};
use crate::batch::BatchIdentity;
use crate::queue::{Leased, Slot};
use crate::route::Route;

/// A batch on its way: the part that is being sent, and those that follow if it was split.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) attempt: Attempt,
    pub(crate) route: Route,
    pub(crate) leased: Leased,
    /// Sent afterwards, the last one first.
    pub(super) parts: Vec<Part>,
    pub(super) is_split: bool,
}

/// A part of a batch that was split: a batch of its own.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) batch: BatchIdentity,
    pub(super) leased: Leased,
}

/// How a flight ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The transport panicked.
    Panicked,
    /// Nobody waits for the answer any more.
    CalledOff,
}

impl Flight {
    pub(super) fn new(attempt: Attempt, route: Route, leased: Leased, parts: Vec<Part>) -> Self {
        // A part of a batch that was halved pays for the next halving, if it arrives.
        let is_split = attempt.batch.is_suspect || !parts.is_empty();
        Self { attempt, route, leased, parts, is_split }
    }
}

impl Engine {
    /// An attempt begins at `now`: it is counted, and its end is known.
    pub(super) fn depart(&mut self, mut flight: Flight, now: Duration) -> Flight {
        flight.attempt.began_at = now;
        flight.attempt.ends_at = self.begin_attempt(flight.attempt.route_id, now);
        flight
    }

    /// Takes the answer to a flight's attempt. A batch that is too large, or refused without a culprit, is halved until
    /// its parts pass, without being written again: then the next part is returned, to be sent. If its batch has to be
    /// sent again, or the gate closes, the flight ends, and the parts are kept for when they may be sent.
    pub(crate) fn land(&mut self, flight: Flight, answer: &Answer, now: Duration, chance: f64) -> Option<Flight> {
        let Flight { attempt, route, mut leased, mut parts, mut is_split } = flight;
        let is_open = self.phase != Phase::Closed;
        let goes_on = if is_open && self.splits(attempt.route_id, leased.slots.len(), answer, now) {
            self.report(&attempt, &leased.slots, answer, AttemptResult::Split, (0, 0), now);
            is_split = true;
            let second = leased.split_off_half();
            let is_suspect = attempt.batch.is_suspect;
            let mut new_batch = || BatchIdentity { is_suspect, ..numbered(&mut self.next_batch, now) };
            let (first_half, second_half) = (new_batch(), new_batch());
            parts.push(Part { batch: second_half, leased: second });
            parts.push(Part { batch: first_half, leased });
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
            self.effects.measure();
            settled.goes_on
        };
        if goes_on && is_open {
            while let Some(Part { batch, mut leased }) = parts.pop() {
                self.routes[attempt.route_id].hold_back(&mut leased);
                if !leased.slots.is_empty() {
                    let next = Flight { attempt: Attempt { batch, ..attempt }, route, leased, parts, is_split };
                    return Some(self.depart(next, now));
                }
            }
        }
        self.keep_unsent(attempt.route_id, parts);
        self.landed(attempt.route_id);
        None
    }

    /// Ends a flight whose answer nobody will see. What was being sent is sent again.
    pub(crate) fn cut_off(&mut self, flight: Flight, cut: Cut, now: Duration, chance: f64) {
        let Flight { attempt, leased, parts, .. } = flight;
        let (dropped_before, mut answer) = (self.ledger.dropped_total(), Answer::new(Outcome::Retry { after: None }));
        match cut {
            Cut::Panicked => {
                answer = answer.because("the transport panicked");
                if let Some(edge) = self.panicked(&attempt, &leased.slots, parts, now, chance) {
                    self.effects.log(LogLine::Edge(edge));
                }
            }
            Cut::CalledOff => {
                answer = answer.because("called off");
                self.interrupted(&attempt, &leased.slots, parts);
            }
        }
        // What was in the worker's hands in too many panics was given up.
        let dropped = self.ledger.dropped_total() - dropped_before;
        self.report(&attempt, &leased.slots, &answer, AttemptResult::CutOff, (0, dropped), now);
        self.landed(attempt.route_id);
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
            because: answer.because.to_string(),
        });
    }
}
