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
    /// Events.
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
            hurried_before: Duration::ZERO,
            idle: Idle::ForEvents,
        }
    }

    pub(super) fn make_due(&mut self) {
        self.due_until = self.queue.end();
    }

    /// Hurries what waits until `deadline`, after which nobody waits for it any more.
    pub(super) fn hurry(&mut self, deadline: Duration) -> u64 {
        self.hurried_until = self.queue.end();
        self.hurried_before = self.hurried_before.max(deadline);
        self.hurried_until
    }

    /// Whether an event that was just queued is to wake the worker.
    pub(super) fn wakes(&self, batching: &BatchPolicy) -> bool {
        // The time decides about a hurry only, and what is hurried has woken the worker already.
        let view = self.view(Duration::ZERO);
        match self.idle {
            Idle::ForEvents => batching.is_worthwhile(&view),
            Idle::Lingering => batching.is_half_full(&view),
            Idle::ForTime => false,
        }
    }

    fn view(&self, now: Duration) -> QueueView {
        let next = self.queue.next_waiting();
        let is_hurried = next < self.hurried_until && now < self.hurried_before;
        QueueView {
            events: self.queue.waiting_events(),
            bytes: self.queue.waiting_bytes(),
            is_due: next < self.hurried_until || next < self.due_until,
            is_hurried,
            in_flight: self.in_flight,
            last_lease: self.last_lease,
        }
    }

    pub(super) fn next(&mut self, batching: &BatchPolicy, now: Duration) -> RouteStep {
        let view = self.view(now);
        let (idle, step) = match (batching.next(&view, now), self.gate.next(now, view.is_hurried)) {
            (BatchStep::Wait, _) => (Idle::ForEvents, RouteStep::Wait),
            (_, GateStep::Probe) if self.in_flight > 0 => (Idle::ForTime, RouteStep::Wait),
            (_, GateStep::ClosedUntil(then)) => (Idle::ForTime, RouteStep::WaitUntil(then)),
            (BatchStep::WaitUntil(then), _) => (Idle::Lingering, RouteStep::WaitUntil(then)),
            (BatchStep::Lease, _) => (Idle::ForEvents, RouteStep::Send),
        };
        self.idle = idle;
        step
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
