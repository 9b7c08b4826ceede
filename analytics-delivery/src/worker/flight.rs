//! One batch on its way, and its halves if it has to be split.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::engine::{Attempt, BatchIdentity, Flight};
use crate::observe::Notice;
use crate::queue::Leased;
use crate::shared::Shared;
use crate::{Answer, AttemptResult, Batch, BatchReport, Outcome, Route, Transport, health};

/// Events in the worker's hands. Whatever is not settled when it is dropped waits in the queue again.
pub(super) struct Lease {
    shared: Arc<Shared>,
    transport: Arc<dyn Transport>,
    route: Route,
    attempt: Attempt,
    /// The last part is sent next.
    parts: Vec<Part>,
    /// The attempt that is being made at the last part.
    sending: Option<Began>,
    is_split: bool,
}

/// When an attempt began, by each clock.
#[derive(Clone, Copy)]
struct Began {
    /// In time since the engine's start.
    at: Duration,
    /// When it ends at the latest, in the same time.
    ends_at: Duration,
    instant: Instant,
    wall: SystemTime,
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
        Self { shared, transport, route, attempt, parts, sending: None, is_split: false }
    }

    /// Sends the batch and settles it. A batch that is too large, or refused without a culprit, is halved until its
    /// parts pass, without being written again. When the gate closes the flight ends, and what was not sent waits in
    /// the queue.
    pub(super) async fn fly(mut self) {
        while let Some(part) = self.parts.last() {
            let (route_index, at) = (self.attempt.route_index, self.shared.now());
            let Some(ends_at) = self.shared.lock().map(|mut engine| engine.begin_attempt(route_index, at)) else {
                return;
            };
            let began = Began { at, ends_at, instant: Instant::now(), wall: SystemTime::now() };
            let ends_at = self.shared.instant(ends_at);
            self.sending = Some(began);
            let composed_at = self.shared.wall_time(part.batch.composed_at);
            let batch = Batch::new(self.route, part.batch, composed_at, &part.leased);
            let sending = self.transport.send(&batch, ends_at);
            let answer = match tokio::time::timeout_at(ends_at.into(), sending).await {
                Ok(answer) => answer,
                Err(_) => Answer::new(Outcome::Retry { after: None }).because("no answer in time").timed_out(),
            };
            self.sending = None;
            let events = part.leased.slots.len();
            let (now, shared) = (self.shared.now(), Arc::clone(&self.shared));
            let splits = shared.change(|engine| engine.splits(route_index, &part.batch, events, &answer, now));
            let Some(splits) = splits else { return };
            if splits.value {
                self.report(part, began, &answer, AttemptResult::Split, (0, 0));
                drop(splits);
                self.split_last();
            } else if !self.settle_last(&answer, began) {
                return;
            }
        }
    }

    /// Tells the observers of an attempt, and how many events arrived and were dropped.
    fn report(&self, part: &Part, began: Began, answer: &Answer, result: AttemptResult, settled: (u64, u64)) {
        if !self.shared.notices().wants_batches() {
            return;
        }
        let (delivered, dropped) = settled;
        let events = part.leased.slots.len() as u64;
        self.shared.notices().tell(Notice::Batch(BatchReport {
            destination: self.shared.notices().destination(),
            number: part.batch.number,
            attempt: part.batch.attempted().attempts,
            result,
            events,
            delivered,
            dropped,
            to_retry: events.saturating_sub(delivered + dropped),
            event_bytes: part.leased.slots.iter().map(|slot| u64::from(slot.len)).sum(),
            body_bytes: answer.body_bytes,
            began_at: began.wall,
            duration: began.instant.elapsed(),
            because: answer.because.to_string(),
        }));
    }

    fn attempt_at(&self, part: &Part, began: Began) -> Attempt {
        Attempt { batch: part.batch, began_at: began.at, ends_at: began.ends_at, ..self.attempt }
    }

    fn split_last(&mut self) {
        self.is_split = true;
        if let Some(Part { leased: mut first, .. }) = self.parts.pop() {
            let second = first.split_off_half();
            let now = self.shared.now();
            let Some(mut engine) = self.shared.lock() else { return };
            let first = Part { batch: engine.new_batch(now), leased: first };
            let second = Part { batch: engine.new_batch(now), leased: second };
            drop(engine);
            self.parts.extend([second, first]);
        }
    }

    /// Settles the last part; tells whether the next one may be sent.
    fn settle_last(&mut self, answer: &Answer, began: Began) -> bool {
        let Some(mut part) = self.parts.pop() else { return false };
        // Before the events are settled, so that the queue has its chunks for itself again.
        part.leased.chunks = Vec::new();
        let (now, chance) = (self.shared.now(), fastrand::f64());
        let attempt = self.attempt_at(&part, began);
        let is_part = self.is_split && answer.outcome == Outcome::Delivered;
        let changed = self.shared.change(|engine| {
            if is_part {
                engine.part_arrived(attempt.route_index);
            }
            engine.settle(&attempt, &part.leased.slots, answer, now, chance)
        });
        let Some(mut changed) = changed else { return false };
        let settled = &mut changed.value;
        let result = if settled.is_failure { AttemptResult::Failed } else { AttemptResult::Answered };
        self.report(&part, began, answer, result, (settled.delivered, settled.dropped));
        self.shared.measure();
        let destination = self.shared.notices().destination();
        if let Some(edge) = settled.edge.take() {
            health::log(edge, &destination);
        }
        if let Some(remark) = settled.remark.take() {
            health::log_remark(&remark, &destination);
        }
        settled.goes_on
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let cut_off = self.sending.take().and_then(|began| Some((self.parts.pop()?, began)));
        let panicked = cut_off.is_some() && std::thread::panicking();
        let (now, chance) = (self.shared.now(), fastrand::f64());
        let changed = self.shared.change(|engine| {
            let mut edge = None;
            if let Some((part, began)) = &cut_off {
                let attempt = self.attempt_at(part, *began);
                if panicked {
                    edge = engine.panicked(&attempt, &part.leased.slots, now, chance);
                } else {
                    engine.interrupted(&attempt, &part.leased.slots);
                }
            }
            for part in &self.parts {
                engine.give_back(self.attempt.route_index, &part.leased.slots, false);
            }
            engine.landed(self.attempt.route_index);
            edge
        });
        if let Some((part, began)) = &cut_off {
            let because = if panicked { "the transport panicked" } else { "called off" };
            let answer = Answer::new(Outcome::Retry { after: None }).because(because);
            self.report(part, *began, &answer, AttemptResult::CutOff, (0, 0));
        }
        if let Some(mut changed) = changed
            && let Some(edge) = changed.value.take()
        {
            health::log(edge, &self.shared.notices().destination());
        }
        self.shared.wake.notify_one();
    }
}
