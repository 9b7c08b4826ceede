//! One batch on its way, and its halves if it has to be split.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::{Attempt, BatchIdentity, Flight, Settled};
use crate::observe::Notice;
use crate::queue::{Leased, Slot};
use crate::shared::Shared;
use crate::{Answer, Batch, BatchReport, Outcome, Route, Transport, health};

/// Events in the worker's hands. Whatever is not settled when it is dropped waits in the queue again.
pub(super) struct Lease {
    shared: Arc<Shared>,
    transport: Arc<dyn Transport>,
    route: Route,
    attempt: Attempt,
    /// The last part is sent next.
    parts: Vec<Part>,
    is_sending: bool,
    is_split: bool,
}

/// A batch: the one that was leased, or a half of one.
struct Part {
    batch: BatchIdentity,
    leased: Leased,
}

impl Lease {
    pub(super) fn new(shared: Arc<Shared>, transport: Arc<dyn Transport>, flight: Flight) -> Self {
        let Flight { attempt, route, leased } = flight;
        let parts = vec![Part { batch: attempt.batch, leased }];
        Self { shared, transport, route, attempt, parts, is_sending: false, is_split: false }
    }

    /// Sends the batch and settles it. A batch that is too large, or refused without a culprit, is halved until its
    /// parts pass, without being written again. When the gate closes the flight ends, and what was not sent waits in
    /// the queue.
    pub(super) async fn fly(mut self) {
        while let Some(part) = self.parts.last() {
            let ends_at = self.shared.instant(self.shared.engine().attempt_ends_at(self.shared.now()));
            let began = Instant::now();
            self.is_sending = true;
            let composed_at = self.shared.wall_time(part.batch.composed_at);
            let batch = Batch::new(self.route, part.batch, composed_at, &part.leased);
            let sending = self.transport.send(&batch, ends_at);
            let answer = match tokio::time::timeout_at(ends_at.into(), sending).await {
                Ok(answer) => answer,
                Err(_) => Answer::new(Outcome::Retry { after: None }).because("no answer in time").timed_out(),
            };
            self.is_sending = false;
            let duration = began.elapsed();
            let events = part.leased.slots.len();
            if self.shared.engine().splits(self.attempt.route_index, events, &answer, self.shared.now()) {
                self.report_split(&answer, duration);
                self.split_last();
            } else if !self.settle_last(&answer, duration) {
                return;
            }
        }
    }

    fn report_split(&self, answer: &Answer, duration: Duration) {
        if let Some(Part { batch, leased }) = self.parts.last() {
            self.report(*batch, &leased.slots, answer, duration, (0, 0));
        }
    }

    /// Tells the observers of an attempt, and how many events arrived and were dropped.
    fn report(
        &self,
        batch: BatchIdentity,
        slots: &[Slot],
        answer: &Answer,
        duration: Duration,
        (delivered, dropped): (u64, u64),
    ) {
        if !self.shared.notices().wants_batches() {
            return;
        }
        let events = slots.len() as u64;
        self.shared.notices().tell(Notice::Batch(BatchReport {
            destination: self.shared.notices().destination(),
            number: batch.number,
            attempt: batch.attempted().attempts,
            events,
            delivered,
            dropped,
            to_retry: events.saturating_sub(delivered + dropped),
            event_bytes: slots.iter().map(|slot| u64::from(slot.len)).sum(),
            body_bytes: answer.body_bytes,
            duration,
            because: answer.because.to_string(),
        }));
    }

    fn split_last(&mut self) {
        self.is_split = true;
        if let Some(Part { leased: mut first, .. }) = self.parts.pop() {
            let second = first.split_off_half();
            let now = self.shared.now();
            let mut engine = self.shared.engine();
            let first = Part { batch: engine.new_batch(now), leased: first };
            let second = Part { batch: engine.new_batch(now), leased: second };
            drop(engine);
            self.parts.extend([second, first]);
        }
    }

    /// Settles the last part; tells whether the next one may be sent.
    fn settle_last(&mut self, answer: &Answer, duration: Duration) -> bool {
        let Some(Part { batch, leased: Leased { slots, chunks, .. } }) = self.parts.pop() else { return false };
        // Before the events are settled, so that the queue has its chunks for itself again.
        drop(chunks);
        let (now, chance) = (self.shared.now(), fastrand::f64());
        let attempt = Attempt { batch, ..self.attempt };
        let mut engine = self.shared.engine();
        if self.is_split && answer.outcome == Outcome::Delivered {
            engine.part_arrived(attempt.route_index);
        }
        let Settled { edge, remark, delivered, dropped, goes_on } =
            engine.settle(&attempt, &slots, answer, now, chance);
        drop(engine);
        self.report(batch, &slots, answer, duration, (delivered, dropped));
        self.shared.progressed();
        self.shared.measure();
        let destination = || self.transport.destination();
        if let Some(edge) = edge {
            health::log(edge, &destination());
        }
        if let Some(remark) = remark {
            health::log_remark(&remark, &destination());
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
        if self.is_sending
            && let Some(Part { batch, leased }) = self.parts.pop()
        {
            let attempt = Attempt { batch, ..self.attempt };
            if panicked {
                edge = engine.panicked(&attempt, &leased.slots, now, chance);
            } else {
                engine.interrupted(&attempt, &leased.slots);
            }
        }
        for part in &self.parts {
            engine.give_back(self.attempt.route_index, &part.leased.slots, false);
        }
        engine.landed(self.attempt.route_index);
        drop(engine);
        self.shared.progressed();
        self.shared.wake.notify_one();
        if let Some(edge) = edge {
            health::log(edge, "");
        }
    }
}
