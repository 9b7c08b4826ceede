//! The ring of accepted events.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::received::ReceivedEvent;

/// The newest events, bounded by count and by bytes of their JSON.
pub(super) struct EventRing {
    events: VecDeque<Arc<ReceivedEvent>>,
    /// The place of the first of them in the order of all events ever accepted.
    first: u64,
    bytes: usize,
    capacity: usize,
    capacity_bytes: usize,
}

/// Events that a reader has not seen.
#[derive(Debug)]
pub(crate) struct NewEvents {
    /// Each with its place.
    pub(crate) events: Vec<(u64, Arc<ReceivedEvent>)>,
    /// How many were forgotten before they could be read.
    pub(crate) missed: u64,
    /// Where to read on.
    pub(crate) next: u64,
}

/// What an event takes of the bytes: its JSON, and what is remembered beside it of a name or an actor beyond all
/// measure.
fn weight(event: &ReceivedEvent) -> usize {
    const USUAL: usize = 200;
    let beyond = |text: &str| text.len().saturating_sub(USUAL);
    event.json().len() + beyond(&event.event) + beyond(&event.distinct_id)
}

impl EventRing {
    pub(super) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        Self { events: VecDeque::new(), first: 0, bytes: 0, capacity, capacity_bytes }
    }

    pub(super) fn push(&mut self, event: Arc<ReceivedEvent>) {
        self.bytes += weight(&event);
        self.events.push_back(event);
        while self.events.len() > self.capacity || self.bytes > self.capacity_bytes {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.first += 1;
            self.bytes -= weight(&oldest);
        }
    }

    pub(super) fn snapshot(&self) -> Vec<Arc<ReceivedEvent>> {
        self.events.iter().map(Arc::clone).collect()
    }

    /// How many events were ever accepted.
    pub(super) fn end(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// The remembered events from this place on, at most so many, and no more after so many bytes of JSON.
    pub(super) fn since(&self, place: u64, at_most: usize, at_most_bytes: usize) -> NewEvents {
        // A reader that is ahead comes from another run.
        let from = if place > self.end() { self.end() } else { place.max(self.first) };
        let skipped = usize::try_from(from - self.first).unwrap_or(usize::MAX);
        let mut bytes = 0;
        let fits = |event: &&Arc<ReceivedEvent>| {
            let is_room = bytes < at_most_bytes;
            bytes += event.json().len();
            is_room
        };
        let wanted = self.events.iter().skip(skipped).take(at_most).take_while(fits);
        let events: Vec<_> = (from..).zip(wanted.cloned()).collect();
        NewEvents { missed: from.saturating_sub(place), next: from + events.len() as u64, events }
    }

    pub(super) fn clear(&mut self) {
        self.first = self.end();
        self.events = VecDeque::new();
        self.bytes = 0;
    }
}
