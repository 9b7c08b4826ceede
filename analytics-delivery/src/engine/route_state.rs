//! One route: its queue, its gate and its requests in flight.

use std::time::Duration;

use crate::Route;
use crate::policy::{BatchPolicy, BatchStep, BisectBudget, Gate, GateStep, QueueView};
use crate::queue::{Leased, Queue};

#[derive(Debug)]
pub(super) struct RouteState {
    pub(super) route: Route,
    pub(super) queue: Queue,
    pub(super) gate: Gate,
    pub(super) bisecting: BisectBudget,
    pub(super) in_flight: usize,
    last_lease: Duration,
    /// Events before this one are to be sent now.
    due_until: u64,
    /// A flush or a shutdown waits for the events before this one.
    hurried_until: u64,
}

pub(super) enum RouteStep {
    Send,
    WaitUntil(Duration),
    Wait,
}

impl RouteState {
    pub(super) fn new(route: Route, queue_events: usize) -> Self {
        Self {
            route,
            queue: Queue::new(queue_events),
            gate: Gate::default(),
            bisecting: BisectBudget::default(),
            in_flight: 0,
            last_lease: Duration::ZERO,
            due_until: 0,
            hurried_until: 0,
        }
    }

    pub(super) fn make_due(&mut self) {
        self.due_until = self.queue.end();
    }

    pub(super) fn hurry(&mut self) -> u64 {
        self.hurried_until = self.queue.end();
        self.hurried_until
    }

    pub(super) fn view(&self) -> QueueView {
        let next = self.queue.next_waiting();
        let is_hurried = next < self.hurried_until;
        QueueView {
            events: self.queue.waiting_events(),
            bytes: self.queue.waiting_bytes(),
            is_due: is_hurried || next < self.due_until,
            is_hurried,
            in_flight: self.in_flight,
            last_lease: self.last_lease,
        }
    }

    pub(super) fn next(&self, batching: &BatchPolicy, now: Duration) -> RouteStep {
        let view = self.view();
        match (batching.next(&view, now), self.gate.next(now, view.is_hurried)) {
            (BatchStep::Wait, _) => RouteStep::Wait,
            (_, GateStep::Probe) if self.in_flight > 0 => RouteStep::Wait,
            (_, GateStep::ClosedUntil(then)) | (BatchStep::WaitUntil(then), _) => RouteStep::WaitUntil(then),
            (BatchStep::Lease, _) => RouteStep::Send,
        }
    }

    pub(super) fn lease(&mut self, batching: &BatchPolicy, now: Duration) -> Leased {
        let mut leased = Leased::default();
        leased.slots.reserve(self.queue.waiting_events().min(batching.max_events));
        self.queue.lease(batching.max_events, batching.max_bytes, &mut leased);
        self.in_flight += 1;
        self.last_lease = now;
        leased
    }
}
