//! Different events under one uuid, of which storage keeps one.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::received::ReceivedEvent;
use crate::store::oracle::Key;

/// The events that storage would merge with an earlier one that has other properties. One that came again as it was is
/// a repeat, by which nothing is lost.
pub(super) fn reused(events: &[Arc<ReceivedEvent>]) -> Vec<&ReceivedEvent> {
    let mut first: HashMap<Key<'_>, &ReceivedEvent> = HashMap::new();
    let mut told: HashSet<&str> = HashSet::new();
    let mut reused = Vec::new();
    for event in events.iter().filter(|event| event.dropped.is_none()) {
        let Some(id) = event.id else { continue };
        match first.entry(Key::new(event, id)) {
            Entry::Vacant(vacant) => drop(vacant.insert(event)),
            Entry::Occupied(earlier) => {
                if is_other(earlier.get(), event) && told.insert(event.json()) {
                    reused.push(&**event);
                }
            }
        }
    }
    reused
}

/// Whether one is not the other, however it is spelled.
fn is_other(one: &ReceivedEvent, other: &ReceivedEvent) -> bool {
    one.json() != other.json()
        && one.properties_json() != other.properties_json()
        && one.properties() != other.properties()
}
