//! What is remembered at one moment, to be looked through without the lock.

use std::collections::HashMap;
use std::sync::Arc;

use super::refused::Refused;
use crate::received::ReceivedEvent;
use crate::store::State;

/// What problems are looked for in.
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
    pub(super) fn of(state: &State) -> Self {
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
