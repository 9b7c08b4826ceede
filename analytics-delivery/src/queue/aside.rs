//! Events that outlast their neighbours.

use std::collections::BTreeMap;

use super::entry::{Entry, State};

/// Events that a server could not keep while it took the rest of their batch. They have bytes of their own, so that
/// one that takes long pins neither the index nor a chunk.
#[derive(Debug, Default)]
pub(super) struct Aside {
    events: BTreeMap<u64, (Entry, Box<[u8]>)>,
    waiting: usize,
}

/// What an event set aside weighs beside its bytes, in entries of the index, roughly.
const ENTRIES_EACH: usize = 4;

impl Aside {
    pub(super) fn insert(&mut self, seq: u64, entry: Entry, bytes: Box<[u8]>) {
        self.events.insert(seq, (entry, bytes));
    }

    pub(super) fn entry(&self, seq: u64) -> Option<Entry> {
        self.events.get(&seq).map(|(entry, _)| *entry)
    }

    pub(super) fn entry_mut(&mut self, seq: u64) -> Option<&mut Entry> {
        self.events.get_mut(&seq).map(|(entry, _)| entry)
    }

    pub(super) fn bytes(&self, seq: u64) -> Option<&[u8]> {
        self.events.get(&seq).map(|(_, bytes)| bytes.as_ref())
    }

    pub(super) fn all_bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.events.values().map(|(_, bytes)| bytes.as_ref())
    }

    pub(super) fn unleased(&self) -> impl Iterator<Item = u64> {
        self.events.iter().filter(|(_, (entry, _))| entry.waits()).map(|(seq, _)| *seq)
    }

    /// Forgets an event; tells whether it was here.
    pub(super) fn remove(&mut self, seq: u64) -> bool {
        let removed = self.events.remove(&seq);
        if removed.as_ref().is_some_and(|(entry, _)| entry.state == State::Waiting) {
            self.waiting -= 1;
        }
        removed.is_some()
    }

    /// Sets an event's state; tells whether it is here.
    pub(super) fn set_state(&mut self, seq: u64, state: State) -> bool {
        let Some((entry, _)) = self.events.get_mut(&seq) else { return false };
        self.waiting += usize::from(state == State::Waiting);
        self.waiting -= usize::from(entry.state == State::Waiting);
        entry.state = state;
        true
    }

    /// The first event: its sequence number.
    pub(super) fn first(&self) -> Option<u64> {
        self.events.keys().next().copied()
    }

    /// The first event that waits for any batch.
    pub(super) fn first_waiting(&self) -> Option<(u64, Entry)> {
        if self.waiting == 0 {
            return None;
        }
        self.events.iter().map(|(seq, (entry, _))| (*seq, *entry)).find(|(_, entry)| entry.state == State::Waiting)
    }

    /// What it weighs beside the events' bytes, in entries of the index.
    pub(super) fn weight(&self) -> usize {
        self.events.len() * ENTRIES_EACH
    }
}
