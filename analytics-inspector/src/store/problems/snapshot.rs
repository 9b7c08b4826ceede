//! What is remembered at one moment, to be looked through without the lock.

use std::collections::HashMap;
use std::sync::Arc;

use super::find::find;
use super::problem::Problems;
use super::refused::Refused;
use crate::received::ReceivedEvent;
use crate::store::{State, Store};

#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) events: Vec<Arc<ReceivedEvent>>,
    /// The oldest first.
    pub(super) refused: Vec<Refused>,
    /// Of each remembered request.
    pub(super) statuses: HashMap<u64, Option<u16>>,
    pub(super) is_complete: bool,
}

impl Snapshot {
    fn of(state: &State) -> Self {
        let events = state.events.snapshot();
        let refused: Vec<Refused> = state.requests.iter().filter_map(Refused::of).collect();
        let are_events_known = events.len() as u64 == state.totals.events_accepted;
        let are_requests_known = !state.requests.has_forgotten_refused() && refused.iter().all(Refused::is_complete);
        Self {
            events,
            refused,
            statuses: state.requests.iter().map(|request| (request.number, request.status)).collect(),
            is_complete: are_events_known && are_requests_known,
        }
    }
}

impl Store {
    /// What is not stored of all that is remembered.
    pub(crate) fn problems(&self) -> Problems {
        let snapshot = Snapshot::of(&self.lock());
        find(&snapshot, |uuids| {
            let state = self.lock();
            uuids.iter().copied().filter(|uuid| state.uuids.contains(uuid)).collect()
        })
    }
}
