//! What was received: bounded rings of events and requests, and counts that cover the whole run.

mod event;
mod events;
mod line;
mod request;
mod requests;
mod totals;

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use self::events::EventRing;
use self::requests::RequestRing;

pub use self::event::ReceivedEvent;
pub use self::request::ReceivedRequest;
pub use self::totals::Totals;

/// Names a request that has arrived, until it is settled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    pub(crate) number: u64,
    epoch: u64,
}

/// The memory of an inspector. All of its state is behind one short lock.
pub(crate) struct Store {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Counts resets, so that what arrived before one is not settled after it.
    epoch: u64,
    totals: Totals,
    uuids: HashSet<Uuid>,
    events: EventRing,
    requests: RequestRing,
}

impl Store {
    pub(crate) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        Self {
            state: Mutex::new(State {
                epoch: 0,
                totals: Totals::default(),
                uuids: HashSet::new(),
                events: EventRing::new(capacity, capacity_bytes),
                requests: RequestRing::new(capacity_bytes / 4),
            }),
            changed: Condvar::new(),
        }
    }

    /// Notes a request that was read and is not answered yet. Its number is set here.
    pub(crate) fn arrive(&self, mut request: ReceivedRequest) -> Ticket {
        let mut state = self.lock();
        state.totals.requests += 1;
        state.totals.requests_refused += 1;
        state.totals.body_bytes += request.body_bytes as u64;
        request.number = state.totals.requests;
        let ticket = Ticket { number: request.number, epoch: state.epoch };
        state.requests.push(request);
        drop(state);
        self.changed.notify_all();
        ticket
    }

    /// Notes the answer to a request, and if it is a 2xx, the events it carried as accepted.
    ///
    /// Does nothing when the store was reset since the request arrived.
    pub(crate) fn settle(&self, ticket: Ticket, status: u16, events: &[Arc<ReceivedEvent>]) {
        let mut state = self.lock();
        if state.epoch != ticket.epoch {
            return;
        }
        state.requests.answered(ticket.number, status);
        if (200..300).contains(&status) {
            state.totals.requests_refused -= 1;
            for event in events {
                state.accept(event);
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        state.epoch += 1;
        state.totals = Totals::default();
        state.uuids.clear();
        state.events.clear();
        state.requests.clear();
    }

    /// The remembered events that `wanted` picks, oldest first. It runs outside the lock.
    pub(crate) fn events(&self, wanted: impl Fn(&ReceivedEvent) -> bool) -> Vec<ReceivedEvent> {
        let events = self.lock().events.snapshot();
        let wanted = events.iter().filter(|event| wanted(event));
        wanted.map(|event| ReceivedEvent::clone(event)).collect()
    }

    /// The remembered events, oldest first, shared rather than copied.
    pub(crate) fn snapshot(&self) -> Vec<Arc<ReceivedEvent>> {
        self.lock().events.snapshot()
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.lock().requests.snapshot()
    }

    pub(crate) fn totals(&self) -> Totals {
        self.lock().totals.clone()
    }

    pub(crate) fn uuids(&self) -> HashSet<String> {
        let uuids = self.lock().uuids.clone();
        uuids.iter().map(Uuid::to_string).collect()
    }

    /// Blocks until the totals please `reached`, and says whether they did in time.
    pub(crate) fn wait_until(&self, within: Duration, reached: impl Fn(&Totals) -> bool) -> bool {
        let (state, _) = self
            .changed
            .wait_timeout_while(self.lock(), within, |state| !reached(&state.totals))
            .unwrap_or_else(PoisonError::into_inner);
        reached(&state.totals)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn accept(&mut self, event: &Arc<ReceivedEvent>) {
        let is_new = event.id.is_none_or(|id| self.uuids.insert(id));
        self.totals.count(&event.event, is_new);
        self.events.push(Arc::clone(event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::arrival;

    fn request() -> ReceivedRequest {
        arrival(&axum::http::Request::new(()).into_parts().0)
    }

    fn event() -> Arc<ReceivedEvent> {
        Arc::new(ReceivedEvent {
            request: 1,
            uuid: None,
            event: "e".to_owned(),
            distinct_id: "u".to_owned(),
            timestamp: None,
            id: None,
            json: "{}".into(),
        })
    }

    #[test]
    fn what_arrived_before_a_reset_is_not_settled_after_it() {
        let store = Store::new(10, 1_000);
        let before = store.arrive(request());
        store.reset();
        let after = store.arrive(request());
        assert_eq!((before.number, after.number), (1, 1));

        store.settle(before, 200, &[event()]);
        assert_eq!(store.totals().requests_refused, 1);
        assert_eq!(store.events(|_| true).len(), 0);
        assert_eq!(store.requests()[0].status, None);

        store.settle(after, 200, &[event()]);
        assert_eq!(store.totals().requests_refused, 0);
        assert_eq!(store.events(|_| true).len(), 1);
        assert_eq!(store.requests()[0].status, Some(200));
    }
}
