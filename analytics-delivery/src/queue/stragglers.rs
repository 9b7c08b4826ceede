//! Events that outlast their neighbours.

use std::collections::{BTreeMap, HashMap};

use super::EventTotals;
use super::entry::{Entry, EntryKey, State};

/// Events that a server could not keep while it took the rest of their batch, and what their actors did since. They
/// have bytes of their own, so that one that takes long pins neither the index nor a chunk, and holds up its own actor
/// alone.
#[derive(Debug, Default)]
pub(super) struct Stragglers {
    /// By their sequence numbers.
    events: BTreeMap<u64, (Entry, Box<[u8]>)>,
    /// The events of each actor that has some here.
    actors: HashMap<EntryKey, OfActor>,
    waiting: EventTotals,
    ready: EventTotals,
    retained: EventTotals,
}

/// An actor's events in here.
#[derive(Clone, Copy, Debug, Default)]
struct OfActor {
    /// Leased or retained.
    out: usize,
    waiting: EventTotals,
}

impl OfActor {
    /// Those that may go into any batch: none while earlier ones are out.
    fn ready(&self) -> EventTotals {
        if self.out == 0 { self.waiting } else { EventTotals::default() }
    }

    fn count(&mut self, len: usize, from: Option<State>, to: Option<State>) {
        match from {
            Some(State::Waiting) => self.waiting.subtract(len),
            Some(State::Retained | State::Leased) => self.out -= 1,
            _ => {}
        }
        match to {
            Some(State::Waiting) => self.waiting.add(len),
            Some(State::Retained | State::Leased) => self.out += 1,
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.out + self.waiting.events == 0
    }
}

/// What an event set aside weighs beside its bytes, in entries of the index, roughly.
const ENTRIES_EACH: usize = 4;

impl Stragglers {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    pub(super) fn waiting(&self) -> EventTotals {
        self.waiting
    }

    pub(super) fn retained(&self) -> EventTotals {
        self.retained
    }

    pub(super) fn insert(&mut self, seq: u64, entry: Entry, bytes: Box<[u8]>) {
        self.count(entry, None, Some(entry.state));
        self.events.insert(seq, (entry, bytes));
    }

    pub(super) fn entry(&self, seq: u64) -> Option<&Entry> {
        self.events.get(&seq).map(|(entry, _)| entry)
    }

    /// An entry to be changed, all but its state.
    pub(super) fn entry_mut(&mut self, seq: u64) -> Option<&mut Entry> {
        self.events.get_mut(&seq).map(|(entry, _)| entry)
    }

    pub(super) fn bytes(&self, seq: u64) -> Option<&[u8]> {
        self.events.get(&seq).map(|(_, bytes)| bytes.as_ref())
    }

    pub(super) fn all_bytes(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.events.iter().map(|(seq, (_, bytes))| (*seq, bytes.as_ref()))
    }

    /// Changes where an event is. Returns it as it was, or `None` if it is not here.
    pub(super) fn set_state(&mut self, seq: u64, state: State) -> Option<Entry> {
        let (entry, _) = self.events.get_mut(&seq)?;
        let was = *entry;
        entry.state = state;
        if state == State::Settled {
            self.events.remove(&seq);
            self.count(was, Some(was.state), None);
        } else {
            self.count(was, Some(was.state), Some(state));
        }
        Some(was)
    }

    fn count(&mut self, entry: Entry, from: Option<State>, to: Option<State>) {
        let len = entry.len as usize;
        match from {
            Some(State::Waiting) => self.waiting.subtract(len),
            Some(State::Retained) => self.retained.subtract(len),
            _ => {}
        }
        match to {
            Some(State::Waiting) => self.waiting.add(len),
            Some(State::Retained) => self.retained.add(len),
            _ => {}
        }
        // An event that needs no order is as one of an actor of its own.
        let mut alone = OfActor::default();
        alone.count(len, None, from);
        let key = entry.key.ordered();
        let actor = match key {
            Some(key) => self.actors.entry(key).or_default(),
            None => &mut alone,
        };
        self.ready.subtract_all(actor.ready());
        actor.count(len, from, to);
        self.ready.add_all(actor.ready());
        if let Some(key) = key.filter(|_| actor.is_empty()) {
            self.actors.remove(&key);
        }
    }

    /// Whether events of this actor are here, behind which its later ones wait.
    pub(super) fn holds(&self, key: EntryKey) -> bool {
        key.ordered().is_some_and(|key| self.actors.contains_key(&key))
    }

    /// Whether events of this actor are here, before this sequence number, that are not on their way.
    pub(super) fn holds_back(&self, key: EntryKey, seq: u64) -> bool {
        self.holds(key) && self.events.range(..seq).any(|(_, (entry, _))| entry.key == key && entry.waits())
    }

    /// The events that may go into any batch: none that its actor's earlier ones are before.
    pub(super) fn ready(&self) -> impl Iterator<Item = (u64, Entry)> {
        let is_held = |key: EntryKey| {
            let actor = key.ordered().and_then(|key| self.actors.get(&key));
            actor.is_some_and(|actor| actor.out > 0)
        };
        let is_ready = move |entry: &Entry| entry.state == State::Waiting && !is_held(entry.key);
        let ready = self.events.iter().filter(move |(_, (entry, _))| is_ready(entry));
        ready.take(self.ready.events).map(|(seq, (entry, _))| (*seq, *entry))
    }

    /// Their number, and their bytes.
    pub(super) fn ready_totals(&self) -> EventTotals {
        self.ready
    }

    /// The events that are neither settled nor leased.
    pub(super) fn unleased(&self) -> impl Iterator<Item = (u64, &Entry)> {
        self.unleased_from(0)
    }

    /// Those of them from this sequence number on.
    pub(super) fn unleased_from(&self, seq: u64) -> impl Iterator<Item = (u64, &Entry)> {
        let waiting = self.events.range(seq..).filter(|(_, (entry, _))| entry.waits());
        waiting.map(|(seq, (entry, _))| (*seq, entry))
    }

    /// The lowest sequence number in here.
    pub(super) fn first(&self) -> Option<u64> {
        self.events.keys().next().copied()
    }

    /// What it weighs beside the events' bytes, in entries of the index.
    pub(super) fn weight(&self) -> usize {
        self.events.len() * ENTRIES_EACH
    }
}
