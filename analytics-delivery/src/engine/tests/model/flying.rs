//! A flight as the worker holds it, and its halves if it is split.

use super::*;

/// What the worker knows of a flight. The last part is the one that is being sent.
#[derive(Debug)]
pub(super) struct Flying {
    pub(super) attempt: Attempt,
    parts: Vec<(BatchIdentity, Leased)>,
    is_split: bool,
}

/// What an answer came to.
pub(super) enum Landing {
    /// The part was split, and its first half is sent.
    Split(Flying),
    /// The part is settled, and the next one is sent.
    GoesOn(Flying),
    /// The flight is over; these events were not sent.
    Over(Vec<Slot>),
}

impl Flying {
    pub(super) fn new(flight: Flight) -> Self {
        let Flight { attempt, leased, .. } = flight;
        Self { attempt, parts: vec![(attempt.batch, leased)], is_split: false }
    }

    /// An attempt at what is being sent begins at `now`. Returns when it ends at the latest.
    pub(super) fn begins(&mut self, engine: &mut Engine, now: Duration) -> Duration {
        self.attempt.began_at = now;
        self.attempt.ends_at = engine.begin_attempt(self.attempt.route_index, now);
        self.attempt.ends_at
    }

    /// What is being sent.
    pub(super) fn sending(&self) -> (Attempt, &Leased) {
        let (batch, leased) = self.parts.last().unwrap();
        (Attempt { batch: *batch, ..self.attempt }, leased)
    }

    pub(super) fn answered(mut self, engine: &mut Engine, answer: &Answer, now: Duration) -> Landing {
        let (attempt, _) = self.sending();
        let (_, mut leased) = self.parts.pop().unwrap();
        if engine.splits(attempt.route_index, &attempt.batch, leased.slots.len(), answer, now) {
            let second = leased.split_off_half();
            let (one, two) = (engine.new_batch(now), engine.new_batch(now));
            self.parts.extend([(two, second), (one, leased)]);
            self.is_split = true;
            return Landing::Split(self);
        }
        let Leased { slots, chunks, .. } = leased;
        drop(chunks);
        if self.is_split && answer.outcome == Outcome::Delivered {
            engine.part_arrived(attempt.route_index);
        }
        let settled = engine.settle(&attempt, &slots, answer, now, 0.5);
        if settled.goes_on && !self.parts.is_empty() {
            return Landing::GoesOn(self);
        }
        let unsent = self.give_back(engine);
        engine.landed(attempt.route_index);
        Landing::Over(unsent)
    }

    /// The flight ends without an answer. Returns what was being sent and what was not.
    pub(super) fn crashed(mut self, engine: &mut Engine, how: Crash, now: Duration) -> (Vec<Slot>, Vec<Slot>) {
        let mut sending = Vec::new();
        let (attempt, _) = self.sending();
        if how != Crash::BetweenRequests {
            sending = self.parts.pop().unwrap().1.slots;
        }
        match how {
            Crash::Panic => drop(engine.panicked(&attempt, &sending, now, 0.5)),
            Crash::CalledOff => engine.interrupted(&attempt, &sending),
            Crash::BetweenRequests => {}
        }
        let unsent = self.give_back(engine);
        engine.landed(attempt.route_index);
        (sending, unsent)
    }

    fn give_back(&mut self, engine: &mut Engine) -> Vec<Slot> {
        let parts = self.parts.drain(..).rev();
        parts
            .flat_map(|(_, part)| {
                engine.give_back(self.attempt.route_index, &part.slots, false);
                part.slots
            })
            .collect()
    }
}
