//! One batch on its way, and its halves if it has to be split.

use std::sync::Arc;

use crate::engine::Flight;
use crate::queue::Leased;
use crate::shared::Shared;
use crate::{Answer, Batch, Outcome, Transport, health};

/// Sends a batch and settles it. A batch that is too large is halved until its parts pass, without being written
/// again; a part that fails otherwise ends the flight, and what was not sent waits in the queue.
pub(super) async fn fly(shared: Arc<Shared>, transport: Arc<dyn Transport>, flight: Flight) {
    let Flight { route_index, route, generation, leased } = flight;
    let mut lease =
        Lease { shared: &shared, route_index, generation, parts: vec![leased], is_sending: false, is_split: false };
    while let Some(part) = lease.parts.last() {
        let ends_at = shared.instant(shared.engine().attempt_ends_at(shared.now()));
        lease.is_sending = true;
        let batch = Batch::new(route, part);
        let answer = match tokio::time::timeout_at(ends_at.into(), transport.send(&batch, ends_at)).await {
            Ok(answer) => answer,
            Err(_) => Answer::new(Outcome::Retry { after: None }).because("no answer in time"),
        };
        lease.is_sending = false;
        if shared.engine().splits(route_index, part.slots.len(), &answer, shared.now()) {
            lease.split_last();
        } else if !lease.settle_last(&answer, &transport.destination()) {
            return;
        }
    }
}

/// Events in the worker's hands. Whatever is not settled when it is dropped waits in the queue again.
struct Lease<'s> {
    shared: &'s Shared,
    route_index: usize,
    generation: u64,
    /// The last part is sent next.
    parts: Vec<Leased>,
    is_sending: bool,
    is_split: bool,
}

impl Lease<'_> {
    fn split_last(&mut self) {
        self.is_split = true;
        if let Some(mut first) = self.parts.pop() {
            let second = Leased { slots: first.slots.split_off(first.slots.len() / 2), chunks: first.chunks.clone() };
            self.parts.extend([second, first]);
        }
    }

    /// Settles the last part; tells whether the next one may be sent.
    fn settle_last(&mut self, answer: &Answer, destination: &str) -> bool {
        let Some(Leased { slots, chunks }) = self.parts.pop() else { return false };
        // Before the events are settled, so that the queue has its chunks for itself again.
        drop(chunks);
        let (now, chance) = (self.shared.now(), fastrand::f64());
        let mut engine = self.shared.engine();
        if self.is_split && answer.outcome == Outcome::Delivered {
            engine.part_arrived(self.route_index);
        }
        let edge = engine.settle(self.route_index, self.generation, &slots, answer, now, chance);
        drop(engine);
        self.shared.progressed();
        if let Some(edge) = edge {
            health::log(edge, destination);
        }
        !matches!(answer.outcome, Outcome::Retry { .. })
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        let mut engine = self.shared.engine();
        for (index, part) in self.parts.iter().rev().enumerate() {
            let attempted = index == 0 && self.is_sending;
            engine.give_back(self.route_index, &part.slots, attempted, attempted && panicked);
        }
        engine.landed(self.route_index);
        drop(engine);
        self.shared.progressed();
    }
}
