//! What PostHog's storage would make of the accepted events.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use crate::received::ReceivedEvent;
use crate::time;

/// The remembered events as PostHog's storage would keep them: rows with the same day, name, actor and
/// uuid are merged into one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Oracle {
    /// What is stored, in the order of first arrival.
    pub rows: Vec<OracleRow>,
    /// How many events arrived besides, and were merged.
    pub duplicates: u64,
    /// Whether all events accepted in the run are remembered, so that this is the whole of it.
    pub is_complete: bool,
}

/// One row of PostHog's storage, and how often it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OracleRow {
    /// The day of the timestamp in UTC, `2026-01-02` say; of the arrival where the timestamp is absent,
    /// unreadable or more than 23 hours ahead.
    pub day: String,
    /// The name.
    pub event: String,
    /// The actor.
    pub distinct_id: String,
    /// The uuid; `None` where the server has to make one, so that nothing merges.
    pub uuid: Option<String>,
    /// The numbers of the requests that it arrived in, one for each arrival.
    pub requests: Vec<u64>,
}

impl Oracle {
    pub(super) fn of(events: &[Arc<ReceivedEvent>], is_complete: bool) -> Self {
        let mut places: HashMap<Key<'_>, usize> = HashMap::new();
        let mut rows: Vec<OracleRow> = Vec::new();
        for event in events {
            let place = match event.id.map(|id| places.entry(Key::new(event, id))) {
                Some(Entry::Occupied(place)) => *place.get(),
                Some(Entry::Vacant(vacant)) => *vacant.insert(rows.len()),
                None => rows.len(),
            };
            match rows.get_mut(place) {
                Some(row) => row.requests.push(event.request),
                None => rows.push(OracleRow::of(event)),
            }
        }
        let duplicates = (events.len() - rows.len()) as u64;
        Self { rows, duplicates, is_complete }
    }
}

#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key<'a> {
    day: i64,
    name: &'a str,
    distinct_id: &'a str,
    id: Uuid,
}

impl<'a> Key<'a> {
    pub(super) fn new(event: &'a ReceivedEvent, id: Uuid) -> Self {
        Self { day: event.day, name: &event.event, distinct_id: &event.distinct_id, id }
    }
}

impl OracleRow {
    fn of(event: &ReceivedEvent) -> Self {
        Self {
            day: time::date_of(event.day),
            event: event.event.clone(),
            distinct_id: event.distinct_id.clone(),
            uuid: event.uuid.clone(),
            requests: vec![event.request],
        }
    }
}
