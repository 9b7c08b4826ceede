//! One batch on its way, and its halves if it has to be split.

use std::sync::Arc;

use crate::engine::{Flight, Settled};
use crate::queue::Leased;
use crate::shared::Shared;
use crate::{Answer, Batch, Outcome, Route, Transport, health};

/// Events in the worker's hands. Whatever is not settled when it is dropped waits in the queue again.
pub(super) struct Lease {
    shared: Arc<Shared>,
    transport: Arc<dyn Transport>,
    route_index: usize,
    route: Route,
    generation: u64,
    /// The last part is sent next.
    parts: Vec<Leased>,
    is_sending: bool,
    is_split: bool,
}

impl Lease {
    pub(super) fn new(shared: Arc<Shared>, transport: Arc<dyn Transport>, flight: Flight) -> Self {
        let Flight { route_index, route, generation, leased } = flight;
        let parts = vec![leased];
        Self { shared, transport, route_index, route, generation, parts, is_sending: false, is_split: false }
    }

    /// Sends the batch and settles it. A batch that is too large, or refused without a culprit, is halved until its
    /// parts pass, without being written again. When the gate closes the flight ends, and what was not sent waits in
    /// the queue.
    pub(super) async fn fly(mut self) {
        while let Some(part) = self.parts.last() {
            let ends_at = self.shared.instant(self.shared.engine().attempt_ends_at(self.shared.now()));
            self.is_sending = true;
            let batch = Batch::new(self.route, part);
            let sending = self.transport.send(&batch, ends_at);
            let answer = match tokio::time::timeout_at(ends_at.into(), sending).await {
                Ok(answer) => answer,
                Err(_) => Answer::new(Outcome::Retry { after: None }).because("no answer in time"),
            };
            self.is_sending = false;
            let events = part.slots.len();
            if self.shared.engine().splits(self.route_index, events, &answer, self.shared.now()) {
                self.split_last();
            } else if !self.settle_last(&answer) {
                return;
            }
        }
    }

    fn split_last(&mut self) {
        self.is_split = true;
        if let Some(mut first) = self.parts.pop() {
            let second = Leased { slots: first.slots.split_off(first.slots.len() / 2), chunks: first.chunks.clone() };
            self.parts.extend([second, first]);
        }
    }

    /// Settles the last part; tells whether the next one may be sent.
    fn settle_last(&mut self, answer: &Answer) -> bool {
        let Some(Leased { slots, chunks }) = self.parts.pop() else { return false };
        // Before the events are settled, so that the queue has its chunks for itself again.
        drop(chunks);
        let (now, chance) = (self.shared.now(), fastrand::f64());
        let mut engine = self.shared.engine();
        if self.is_split && answer.outcome == Outcome::Delivered {
            engine.part_arrived(self.route_index);
        }
        let Settled { edge, goes_on } = engine.settle(self.route_index, self.generation, &slots, answer, now, chance);
        drop(engine);
        self.shared.progressed();
        if let Some(edge) = edge {
            health::log(edge, &self.transport.destination());
        }
        goes_on
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let panicked = self.is_sending && std::thread::panicking();
        let (now, chance) = (self.shared.now(), fastrand::f64());
        let mut engine = self.shared.engine();
        let mut edge = None;
        if panicked && let Some(part) = self.parts.pop() {
            edge = engine.panicked(self.route_index, self.generation, &part.slots, now, chance);
        }
        for (index, part) in self.parts.iter().rev().enumerate() {
            engine.give_back(self.route_index, &part.slots, index == 0 && self.is_sending && !panicked, false);
        }
        engine.landed(self.route_index);
        drop(engine);
        self.shared.progressed();
        self.shared.wake.notify_one();
        if let Some(edge) = edge {
            health::log(edge, "");
        }
    }
}
