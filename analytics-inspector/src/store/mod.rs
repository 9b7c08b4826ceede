//! What was received: bounded rings of events and requests, and counts that cover the whole run.

mod events;
mod feed;
mod oracle;
mod problems;
mod refusals;
mod requests;
mod totals;

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use uuid::Uuid;

use self::events::EventRing;
use self::feed::Attempt;
use self::refusals::RefusalRing;
use crate::received::{ReceivedEvent, ReceivedRequest};

pub(crate) use self::events::NewEvents;
pub(crate) use self::feed::{Bill, EntryStatus, Feed, Item, What};
pub(crate) use self::refusals::{NewRefusals, RefusalStart};
pub(crate) use self::requests::RequestRing;

pub use self::oracle::{Oracle, OracleRow};
pub use self::problems::{Problem, Problems};
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
    /// How many events were ever accepted; told of every refusal too.
    accepted: watch::Sender<u64>,
    /// Told of every change.
    ticks: watch::Sender<()>,
}

struct State {
    /// Counts resets, so that what arrived before one is not settled after it.
    epoch: u64,
    totals: Totals,
    uuids: HashSet<Uuid>,
    events: EventRing,
    requests: RequestRing,
    refusals: RefusalRing,
    feed: Feed,
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
                refusals: RefusalRing::default(),
                feed: Feed::new(capacity, capacity_bytes),
            }),
            changed: Condvar::new(),
            accepted: watch::Sender::new(0),
            ticks: watch::Sender::new(()),
        }
    }

    /// Notes a request that was read and is not answered yet. Its number is set here.
    pub(crate) fn record_request(&self, mut request: ReceivedRequest) -> Ticket {
        let attempt = Attempt::of(&request);
        let mut state = self.lock();
        state.totals.requests += 1;
        state.totals.requests_refused += 1;
        state.totals.body_bytes += request.body_bytes as u64;
        request.number = state.totals.requests;
        let ticket = Ticket { number: request.number, epoch: state.epoch };
        state.feed.record_request(&request, attempt);
        state.requests.push(request);
        drop(state);
        self.tell();
        ticket
    }

    /// Notes the status that a request is answered with, `None` for no answer, and its accepted events, or the last of
    /// them. Returns the request if it is refused.
    ///
    /// Does nothing when the store was reset since the request arrived.
    pub(crate) fn settle(
        &self,
        ticket: Ticket,
        status: Option<u16>,
        accepted: &[Arc<ReceivedEvent>],
    ) -> Option<ReceivedRequest> {
        let mut refused = None;
        self.change(ticket, |state, at| {
            if let Some(status) = status {
                state.requests.answered(ticket.number, status);
            }
            if status.is_some_and(|status| (200..300).contains(&status)) {
                state.totals.requests_refused -= 1;
            }
            state.feed.settle(state.requests.get(ticket.number), status);
            state.accept(accepted, at);
            refused = state.requests.get(ticket.number).filter(|request| request.is_refused()).cloned();
            if refused.is_some() {
                state.refusals.push(state.events.end(), ticket.number);
            }
        });
        refused
    }

    /// Notes accepted events of a request that is to be settled with others.
    ///
    /// Does nothing when the store was reset since the request arrived.
    pub(crate) fn accept(&self, ticket: Ticket, accepted: &[Arc<ReceivedEvent>]) {
        self.change(ticket, |state, at| state.accept(accepted, at));
    }

    fn change(&self, ticket: Ticket, change: impl FnOnce(&mut State, SystemTime)) {
        let at = SystemTime::now();
        let mut state = self.lock();
        if state.epoch != ticket.epoch {
            return;
        }
        let ends = |state: &State| (state.events.end(), state.refusals.end());
        let before = ends(&state);
        change(&mut state, at);
        if ends(&state) != before {
            self.accepted.send_replace(state.events.end());
        }
        drop(state);
        self.tell();
    }

    /// Notes that the reader of a stream, or of an answer, was dropped because it read nothing.
    pub(crate) fn note_dropped_reader(&self) {
        self.lock().totals.readers_dropped += 1;
        self.tell();
    }

    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        state.epoch += 1;
        state.totals = Totals::default();
        state.uuids.clear();
        state.events.clear();
        state.requests.clear();
        state.refusals.clear();
        state.feed.clear();
        drop(state);
        self.ticks.send_replace(());
    }

    /// Reads the feed, the totals and the requests under the lock.
    pub(crate) fn read_feed<T>(&self, read: impl FnOnce(&mut Feed, &Totals, &RequestRing) -> T) -> T {
        let mut state = self.lock();
        let State { feed, totals, requests, .. } = &mut *state;
        read(feed, totals, requests)
    }

    /// Is told of every change.
    pub(crate) fn ticks(&self) -> watch::Receiver<()> {
        self.ticks.subscribe()
    }

    fn tell(&self) {
        self.changed.notify_all();
        self.ticks.send_replace(());
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

    /// What storage would make of the remembered events.
    pub(crate) fn oracle(&self) -> Oracle {
        let (events, accepted) = {
            let state = self.lock();
            (state.events.snapshot(), state.totals.events_accepted)
        };
        Oracle::of(&events, events.len() as u64 == accepted)
    }

    /// The remembered events from this place on, at most so many, and no more after so many bytes of JSON.
    pub(crate) fn since(&self, place: u64, at_most: usize, at_most_bytes: usize) -> NewEvents {
        self.lock().events.since(place, at_most, at_most_bytes)
    }

    /// The remembered refusals from this one on, up to an event, at most so many.
    pub(crate) fn refusals_since(&self, from: RefusalStart, up_to: u64, at_most: usize) -> NewRefusals {
        let state = self.lock();
        state.refusals.since(from, up_to, at_most, &state.requests)
    }

    /// How many requests were ever refused.
    pub(crate) fn refusals(&self) -> u64 {
        self.lock().refusals.end()
    }

    /// Sees how many events were ever accepted, and wakes on refusals.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.accepted.subscribe()
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
    fn accept(&mut self, accepted: &[Arc<ReceivedEvent>], at: SystemTime) {
        for event in accepted {
            let is_new = event.id.is_none_or(|id| self.uuids.insert(id));
            self.totals.count(event, is_new);
            self.feed.accept(event, is_new, at);
            self.events.push(Arc::clone(event));
        }
        self.feed.count(accepted, at);
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
        Arc::new(ReceivedEvent::new(None, "e".to_owned(), "u".to_owned(), None, "{}"))
    }

    #[test]
    fn what_arrived_before_a_reset_is_not_settled_after_it() {
        let store = Store::new(10, 1_000);
        let before = store.record_request(request());
        store.reset();
        let after = store.record_request(request());
        assert_eq!((before.number, after.number), (1, 1));

        store.settle(before, Some(200), &[event()]);
        assert_eq!(store.totals().requests_refused, 1);
        assert_eq!(store.events(|_| true).len(), 0);
        assert_eq!(store.requests()[0].status, None);

        store.settle(after, Some(200), &[event()]);
        assert_eq!(store.totals().requests_refused, 0);
        assert_eq!(store.events(|_| true).len(), 1);
        assert_eq!(store.requests()[0].status, Some(200));
    }
}
