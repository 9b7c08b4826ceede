//! Events in the worker's hands.

use std::collections::VecDeque;
use std::sync::Arc;

use super::chunk::Chunk;
use super::entry::{Entry, EntryId, EntryKey};
use super::u32_of;

/// A leased event's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) id: EntryId,
    pub(crate) seq: u64,
    /// Which of the lease's chunks.
    pub(crate) chunk: u32,
    pub(crate) offset: u32,
    pub(crate) len: u32,
    /// Among whose events it keeps its place.
    pub(crate) key: EntryKey,
    /// The attempts made before this lease.
    pub(crate) attempts: u16,
}

impl Slot {
    pub(super) fn new(id: EntryId, seq: u64, entry: &Entry, chunk: usize) -> Self {
        let Entry { offset, len, key, attempts, .. } = *entry;
        Self { id, seq, chunk: u32_of(chunk), offset, len, key, attempts }
    }
}

/// Events in the worker's hands, those of each actor in the order in which they were captured.
#[derive(Debug, Default)]
pub(crate) struct Leased {
    pub(crate) slots: Vec<Slot>,
    pub(crate) chunks: Vec<Arc<Vec<u8>>>,
    /// Which of `chunks` each of the queue's chunks is, by its number, from 1; 0 if it is not among them.
    chunk_places: Vec<u32>,
    /// The number of the queue's chunk that stands first in `chunk_places`.
    first_chunk: u32,
}

/// A lease of no more events is sorted as they were captured, for whoever reads it.
const SORTED: usize = 128;

impl Leased {
    pub(super) fn with_capacity(events: usize) -> Self {
        Self { slots: Vec::with_capacity(events), ..Self::default() }
    }

    /// Which of its chunks the queue's chunk `number` is; it is sealed and added if it is not among them. `chunks` are
    /// the queue's, from the chunk `first` on: the first ones may have been freed since this was last called.
    pub(super) fn chunk(&mut self, number: u32, first: u32, chunks: &mut VecDeque<Chunk>) -> usize {
        if self.chunk_places.is_empty() {
            self.chunk_places = vec![0; chunks.len()];
            self.first_chunk = first;
        }
        let known = self.chunk_places.get_mut(number.wrapping_sub(self.first_chunk) as usize);
        let chunk = chunks.get_mut(number.wrapping_sub(first) as usize);
        let (Some(known), Some(chunk)) = (known, chunk) else { unreachable!("a chunk with an event in it is held") };
        if *known == 0 {
            self.chunks.push(chunk.seal());
            *known = u32_of(self.chunks.len());
        }
        *known as usize - 1
    }

    pub(super) fn sort(&mut self) {
        if self.slots.len() <= SORTED {
            self.slots.sort_unstable_by_key(|slot| slot.seq);
        }
    }

    /// Its second half, which is taken off it.
    pub(crate) fn split_off_half(&mut self) -> Self {
        let slots = self.slots.split_off(self.slots.len() / 2);
        Self { slots, chunks: self.chunks.clone(), ..Self::default() }
    }
}
