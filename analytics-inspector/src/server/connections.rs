//! The connections that are open, as many as there may be.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All that are open.
#[derive(Debug)]
pub(super) struct Connections {
    at_most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<u64, Entry>,
    /// Counts what happens, to tell what came first.
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    stage: Stage,
    /// When it came to that.
    since: u64,
    evicted: Arc<Notify>,
}

/// Which connections go first when there are too many: in this order, and of each the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It waits for a request, or for the rest of the head of one.
    Waiting,
    /// It waits for the rest of a body.
    Receiving,
    /// It is being answered. None of these goes.
    Answering,
}

/// The place of one connection, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Registration {
    id: u64,
    connections: Arc<Connections>,
    evicted: Arc<Notify>,
}

impl Connections {
    pub(super) fn new(at_most: usize) -> Self {
        Self { at_most, state: Mutex::default() }
    }

    /// A place for a new connection; `None` if there is none and nobody goes.
    pub(super) fn register(self: &Arc<Self>) -> Option<Registration> {
        let mut state = self.lock();
        if state.open.len() >= self.at_most && !state.evict_oldest() {
            return None;
        }
        let id = state.tick();
        let evicted = Arc::new(Notify::new());
        state.open.insert(id, Entry { stage: Stage::Waiting, since: id, evicted: Arc::clone(&evicted) });
        Some(Registration { id, connections: Arc::clone(self), evicted })
    }

    /// Whether none is open.
    pub(super) fn are_none(&self) -> bool {
        self.lock().open.is_empty()
    }

    /// Has one connection go, if any may: the system has no more to give.
    pub(super) fn evict_one(&self) {
        self.lock().evict_oldest();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn evict_oldest(&mut self) -> bool {
        let going = self.open.iter().filter(|(_, entry)| entry.stage != Stage::Answering);
        let oldest = going.min_by_key(|(_, entry)| (entry.stage, entry.since)).map(|(id, _)| *id);
        match oldest.and_then(|id| self.open.remove(&id)) {
            Some(entry) => {
                entry.evicted.notify_one();
                true
            }
            None => false,
        }
    }
}

impl Registration {
    pub(super) fn note(&self, stage: Stage) {
        let mut all = self.connections.lock();
        let since = all.tick();
        // One that was evicted has no entry any more.
        if let Some(entry) = all.open.get_mut(&self.id) {
            (entry.stage, entry.since) = (stage, since);
        }
    }

    /// Ends when the connection has to go.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.connections.lock().open.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn is_evicted(registration: &Registration) -> bool {
        registration.evicted().now_or_never().is_some()
    }

    #[test]
    fn who_waits_longest_for_a_request_goes_first_then_who_waits_for_a_body() {
        let connections = Arc::new(Connections::new(4));
        let registrations: Vec<Registration> = (0..4).map(|_| connections.register().unwrap()).collect();
        registrations[0].note(Stage::Receiving);
        registrations[1].note(Stage::Answering);
        // It has served a request since, so the one after it has waited longer.
        registrations[2].note(Stage::Answering);
        registrations[2].note(Stage::Waiting);
        let mut newcomers = Vec::new();
        for expected in [3, 2] {
            newcomers.push(connections.register().unwrap());
            newcomers.last().unwrap().note(Stage::Answering);
            assert!(is_evicted(&registrations[expected]), "{expected}");
        }
        newcomers.push(connections.register().unwrap());
        assert!(is_evicted(&registrations[0]) && !is_evicted(&registrations[1]));
    }

    #[test]
    fn where_all_are_being_answered_nobody_goes_and_a_place_is_free_when_one_has_ended() {
        let connections = Arc::new(Connections::new(2));
        let registrations: Vec<Registration> = (0..2).map(|_| connections.register().unwrap()).collect();
        for registration in &registrations {
            registration.note(Stage::Answering);
        }
        assert!(connections.register().is_none());
        connections.evict_one();
        assert!(!registrations.iter().any(is_evicted));
        drop(registrations);
        assert!(connections.register().is_some());
    }

    #[test]
    fn a_place_that_was_taken_is_not_freed_twice() {
        let connections = Arc::new(Connections::new(1));
        let first = connections.register().unwrap();
        let second = connections.register().unwrap();
        first.note(Stage::Answering);
        drop(first);
        second.note(Stage::Answering);
        assert!(connections.register().is_none());
    }
}
