//! Taking events out for a request.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use super::Queue;
use super::chunk::Pool;
use super::entry::{EntryId, State};
use super::leased::{Leased, Slot};
use super::stragglers::Stragglers;

impl Queue {
    /// Takes up to `max_events` waiting events of up to `max_bytes` in all, and at least one if any is ready: first
    /// those that were set aside, then whole partitions, the one that has waited longest first. What finds its actor's
    /// earlier events aside is set aside with them, and then there may be none.
    pub(crate) fn lease(&mut self, max_events: usize, max_bytes: usize, pool: &mut Pool) -> Leased {
        let mut leased = Leased::with_capacity(self.ready().events.min(max_events));
        let mut bytes = 0_usize;
        let fits = |leased: &Leased, bytes: &mut usize, len: u32| {
            *bytes += len as usize;
            leased.slots.len() < max_events && (leased.slots.is_empty() || *bytes <= max_bytes)
        };
        let aside: Vec<_> = self.stragglers.ready().take(max_events).collect();
        for (seq, entry) in &aside {
            if !fits(&leased, &mut bytes, entry.len) {
                return leased;
            }
            self.lease_one(EntryId::aside(*seq), &mut leased);
        }
        let with_these: HashSet<_> = aside.iter().map(|(_, entry)| entry.key).collect();
        let is_held = |stragglers: &Stragglers, key| {
            !stragglers.is_empty() && stragglers.holds(key) && !with_these.contains(&key)
        };
        let mut left_to_move = max_events;
        // The chunk of the event before: mostly the same one.
        let mut latest = None;
        let mut ready = self.index.ready_partitions();
        while let Some(Reverse((_, partition))) = ready.pop() {
            if !self.stragglers.is_empty() {
                let seen = self.index.events_of(partition, None).take(left_to_move);
                let waits = |id: &EntryId| self.index.get(*id).filter(|entry| entry.state == State::Waiting);
                let is_held = |id: &EntryId| waits(id).is_some_and(|entry| is_held(&self.stragglers, entry.key));
                let held: Vec<_> = seen.filter(is_held).collect();
                left_to_move -= held.len();
                for id in held {
                    self.move_aside(id, pool);
                }
            }
            let Self { index, stragglers, chunks, first_chunk, .. } = self;
            let mut is_full = left_to_move == 0;
            index.lease_front(partition, |id, seq, entry| {
                // One that comes so late that it was not looked at.
                if is_held(stragglers, entry.key) {
                    return false;
                }
                is_full |= !fits(&leased, &mut bytes, entry.len);
                if !is_full {
                    let chunk = match latest {
                        Some((number, place)) if number == entry.chunk => place,
                        _ => leased.chunk(entry.chunk, *first_chunk, chunks),
                    };
                    latest = Some((entry.chunk, chunk));
                    leased.slots.push(Slot::new(id, seq, entry, chunk));
                }
                !is_full
            });
            if is_full {
                break;
            }
        }
        leased.sort();
        leased
    }

    /// Takes the retained events among `ids`.
    pub(crate) fn lease_retained(&mut self, ids: &[EntryId]) -> Leased {
        let mut leased = Leased::with_capacity(ids.len());
        for id in ids {
            if self.retained_since(*id).is_some() {
                self.lease_one(*id, &mut leased);
            }
        }
        leased.sort();
        leased
    }

    fn lease_one(&mut self, id: EntryId, leased: &mut Leased) {
        let (Some(entry), Some(seq)) = (self.entry(id).copied(), self.seq(id)) else { return };
        let chunk = if let Some(bytes) = id.as_aside().and_then(|seq| self.stragglers.bytes(seq)) {
            leased.chunks.push(Arc::new(bytes.to_vec()));
            leased.chunks.len() - 1
        } else {
            leased.chunk(entry.chunk, self.first_chunk, &mut self.chunks)
        };
        leased.slots.push(Slot::new(id, seq, &entry, chunk));
        self.set_state(id, State::Leased);
    }
}
