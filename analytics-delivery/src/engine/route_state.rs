//! One route: its queue, its back-off and its requests in flight.

use std::time::Duration;

use super::attempt::Attempt;
use super::dispatch::BatchPart;
use super::lanes::LaneId;
use super::reading::Reading;
use super::retained::{Retained, RetainedBatchPart};
use super::{Dispatch, RouteId};
use crate::answer::Answer;
use crate::batch::BatchIdentity;
use crate::policy::{BackOff, BackOffStep, BatchPolicy, BatchStep, BisectBudget, Link, QueueView, Sent};
use crate::queue::{EntryId, Leased, Pool, Queue, Slot, Walk};
use crate::route::Route;

/// How long a server that does not know the key is left alone.
const BARRED: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct RouteState {
    pub(super) route: Route,
    pub(super) lane_id: LaneId,
    pub(super) queue: Queue,
    pub(super) retained: Retained,
    pub(super) back_off: BackOff,
    pub(super) bisecting: BisectBudget,
    pub(super) link: Link,
    /// Attempts with much in them that went all the way for nothing, since one of them had its answer.
    pub(super) costly_failures: u32,
    /// When events last arrived.
    pub(super) delivered_at: Option<Duration>,
    pub(super) in_flight: usize,
    /// The server does not know the key; it is not asked again before then.
    barred_until: Duration,
    last_lease: Duration,
    /// Events before this one are to be sent now.
    due_until: u64,
    /// A flush or a shutdown waits for the events before this one …
    hurried_until: u64,
    /// … until then.
    hurried_before: Duration,
    /// What the worker waits for.
    idle: Idle,
}

/// What the worker waits for on a route, and so what an event has to wake it for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idle {
    ForEvents,
    /// Company for those that wait, for a moment.
    Lingering,
    /// A moment that no event brings nearer.
    ForTime,
}

pub(super) enum RouteStep {
    Send,
    WaitUntil(Duration),
    Wait,
}

impl RouteState {
    pub(super) fn new(route: Route, lane_id: LaneId, queue: Queue, link: Link) -> Self {
        Self {
            route,
            lane_id,
            queue,
            retained: Retained::default(),
            back_off: BackOff::default(),
            bisecting: BisectBudget::default(),
            link,
            costly_failures: 0,
            delivered_at: None,
            in_flight: 0,
            barred_until: Duration::ZERO,
            last_lease: Duration::ZERO,
            due_until: 0,
            hurried_until: 0,
            hurried_before: Duration::ZERO,
            idle: Idle::ForEvents,
        }
    }

    pub(super) fn make_due(&mut self) {
        self.due_until = self.queue.end();
    }

    /// Hurries what waits until `deadline`, after which nobody waits for it any more.
    pub(super) fn expedite(&mut self, deadline: Duration) -> u64 {
        self.hurried_until = self.queue.end();
        self.hurried_before = self.hurried_before.max(deadline);
        self.hurried_until
    }

    /// Opens or closes the way to the server, after an answer.
    pub(super) fn update_back_off(&mut self, generation: u64, reading: &Reading<'_>, now: Duration, chance: f64) {
        if reading.is_unauthorized() {
            self.back_off.failed(generation, now, Some(BARRED), chance);
            self.barred_until = now.saturating_add(BARRED);
        } else if reading.is_failure {
            self.back_off.failed(generation, now, reading.retry_after, chance);
        } else {
            let is_news = self.back_off.succeeded(generation);
            if is_news {
                self.barred_until = Duration::ZERO;
            }
        }
    }

    /// Learns from an attempt what the way to the server bears; tells whether batches that are too large for it are to
    /// be cut.
    pub(super) fn learn(
        &mut self,
        answer: &Answer,
        sent: Sent,
        breaks_before: u32,
        is_failure: bool,
        now: Duration,
    ) -> bool {
        if !is_failure {
            self.link.arrived(sent, now);
            return false;
        }
        if answer.timed_out {
            return self.link.timed_out(sent);
        }
        answer.breaks > 0 && self.link.broke(sent, breaks_before + answer.breaks > 1, now)
    }

    /// Whether the server does not know the key, as far as is known at `now`.
    pub(super) fn is_barred(&self, now: Duration) -> bool {
        now < self.barred_until
    }

    /// Whether an event that was just queued is to wake the worker.
    pub(super) fn wakes(&self, batching: &BatchPolicy) -> bool {
        // What is hurried has woken the worker already.
        let view = self.view();
        match self.idle {
            Idle::ForEvents => batching.is_worthwhile(&view),
            Idle::Lingering => batching.is_half_full(&view),
            Idle::ForTime => false,
        }
    }

    /// Events that are not in flight and that a flush or a shutdown waits for now, at most so many.
    pub(super) fn hurried(&self, now: Duration, most: usize) -> Vec<EntryId> {
        if !self.is_hurried(now) {
            return Vec::new();
        }
        let (mut walk, mut hurried) = (Walk::default(), Vec::new());
        while hurried.len() < most && !walk.is_over() {
            hurried.extend(
                self.queue.walk(&mut walk, most - hurried.len(), |seq, _| (seq < self.hurried_until).then_some(true)),
            );
        }
        hurried
    }

    /// What the policy sees, but for what depends on the time.
    fn view(&self) -> QueueView {
        let ready = self.queue.ready();
        QueueView {
            events: ready.events,
            bytes: ready.bytes,
            in_flight: self.in_flight,
            last_lease: self.last_lease,
            ..QueueView::default()
        }
    }

    pub(super) fn next(&mut self, batching: &BatchPolicy, now: Duration) -> RouteStep {
        self.retained.forget_settled(&self.queue);
        let is_hurried = self.is_hurried(now);
        let ready_at = self.retained.ready_at(is_hurried);
        let is_due = self.queue.first_ready().is_some_and(|seq| seq < self.hurried_until.max(self.due_until));
        let is_repeat = ready_at.is_some_and(|then| then <= now);
        let view = QueueView { is_repeat, is_due, is_hurried, ..self.view() };
        let (idle, step) = match (batching.next(&view, now), self.back_off.next(now, view.is_hurried)) {
            (BatchStep::Wait, _) => (Idle::ForEvents, RouteStep::Wait),
            (_, BackOffStep::Probe) if self.in_flight > 0 => (Idle::ForTime, RouteStep::Wait),
            // A slow link is not shared.
            _ if self.link.is_slow() && self.in_flight > 0 => (Idle::ForTime, RouteStep::Wait),
            (_, BackOffStep::ClosedUntil(then)) => (Idle::ForTime, RouteStep::WaitUntil(then)),
            (BatchStep::WaitUntil(then), _) => (Idle::Lingering, RouteStep::WaitUntil(then)),
            (BatchStep::Lease, _) => (Idle::ForEvents, RouteStep::Send),
        };
        self.idle = idle;
        match (step, ready_at.filter(|then| *then > now)) {
            (RouteStep::Wait, Some(then)) => RouteStep::WaitUntil(then),
            (RouteStep::WaitUntil(other), Some(then)) => RouteStep::WaitUntil(other.min(then)),
            (step, _) => step,
        }
    }

    /// Whether a flush or a shutdown waits for an event that is not in flight.
    fn is_hurried(&self, now: Duration) -> bool {
        now < self.hurried_before && self.queue.oldest().is_some_and(|(seq, ..)| seq < self.hurried_until)
    }

    /// Takes the batch that has to be sent again, or composes a new one, if anything may be sent.
    pub(super) fn lease(
        &mut self,
        batching: &BatchPolicy,
        route_id: RouteId,
        new: BatchIdentity,
        pool: &mut Pool,
    ) -> Option<Dispatch> {
        let now = new.composed_at;
        let mut parts = self.lease_repeat(now);
        let BatchPart { batch, leased } = parts.pop().unwrap_or_else(|| {
            let leased = self.queue.lease(batching.max_events, self.link.bytes(), pool);
            BatchPart { batch: new, leased }
        });
        if leased.slots.is_empty() {
            return None;
        }
        self.in_flight += 1;
        self.last_lease = now;
        let attempt = Attempt { route_id, generation: self.back_off.generation(), batch, began_at: now, ends_at: now };
        Some(Dispatch::new(attempt, self.route, leased, parts))
    }

    /// The parts of the batch that is to be sent again now, the last one first; none if there is none.
    fn lease_repeat(&mut self, now: Duration) -> Vec<BatchPart> {
        let is_hurried = self.is_hurried(now);
        let is_probe = self.back_off.next(now, is_hurried) == BackOffStep::Probe;
        if is_probe && self.queue.ready().events > 0 && self.retained.are_doubtful(now, is_hurried) {
            // A batch that was never sent tells more of the server.
            return Vec::new();
        }
        let Some(repeat) = self.retained.take_ready(now, is_hurried) else { return Vec::new() };
        let lease = |RetainedBatchPart { batch, ids }| BatchPart { batch, leased: self.queue.lease_retained(&ids) };
        let mut parts: Vec<_> = repeat.parts.into_iter().rev().map(lease).collect();
        while let Some(part) = parts.last_mut() {
            self.hold_back(&mut part.leased);
            if !part.leased.slots.is_empty() {
                break;
            }
            parts.pop();
        }
        parts
    }

    /// Takes out of a part what its actor's earlier events would come after: those were in a part before it, and could
    /// not be kept. It waits again.
    pub(super) fn hold_back(&mut self, leased: &mut Leased) {
        let held: Vec<_> = leased.slots.extract_if(.., |slot| self.queue.holds_back(slot)).collect();
        for slot in held {
            self.queue.give_back(slot.id, false);
        }
    }

    /// Keeps the parts of a dispatch, which are the last one first, for the batch that they are of.
    pub(super) fn retain_parts(&mut self, parts: Vec<BatchPart>) -> impl Iterator<Item = RetainedBatchPart> {
        parts.into_iter().rev().map(|BatchPart { batch, leased }| self.retain_part(batch, &leased.slots, false))
    }

    /// Keeps what is still leased of a batch to be sent again with it.
    pub(super) fn retain_part(&mut self, batch: BatchIdentity, slots: &[Slot], attempted: bool) -> RetainedBatchPart {
        let ids = slots.iter().map(|slot| slot.id).filter(|id| self.queue.retain(*id, attempted)).collect();
        RetainedBatchPart { batch, ids }
    }
}
