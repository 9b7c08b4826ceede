//! The ring of accepted events.

use std::collections::VecDeque;
use std::sync::Arc;

use super::event::ReceivedEvent;

/// The newest events, bounded by count and by bytes of their JSON.
pub(super) struct EventRing {
    events: VecDeque<Arc<ReceivedEvent>>,
    bytes: usize,
    capacity: usize,
    capacity_bytes: usize,
}

impl EventRing {
    pub(super) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        Self { events: VecDeque::new(), bytes: 0, capacity, capacity_bytes }
    }

    pub(super) fn push(&mut self, event: Arc<ReceivedEvent>) {
        self.bytes += event.json().len();
        self.events.push_back(event);
        while self.events.len() > self.capacity || self.bytes > self.capacity_bytes {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.bytes -= oldest.json().len();
        }
    }

    pub(super) fn snapshot(&self) -> Vec<Arc<ReceivedEvent>> {
        self.events.iter().map(Arc::clone).collect()
    }

    pub(super) fn clear(&mut self) {
        self.events = VecDeque::new();
        self.bytes = 0;
    }
}
