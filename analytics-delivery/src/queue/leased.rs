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

/// A lease of no more events is sorted as they were captured, for whoever reads it, however far they lie apart.
const SORTED: usize = 128;

/// A larger lease is sorted if its events lie no farther apart than if each this many of the queue's were in it. What
/// was captured together compresses better together.
const SORTED_SHARE: usize = 4;

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
            return;
        }
        let (mut first, mut last) = (u64::MAX, 0);
        for slot in &self.slots {
            (first, last) = (first.min(slot.seq), last.max(slot.seq));
        }
        let span = usize::try_from(last - first).unwrap_or(usize::MAX);
        if span < self.slots.len() * SORTED_SHARE {
            self.sort_by_place(first, span + 1);
        }
    }

    /// Sorts by where each event stands in a table of the sequence numbers from `first` on.
    fn sort_by_place(&mut self, first: u64, span: usize) {
        const EMPTY: u32 = u32::MAX;
        let mut table = vec![EMPTY; span];
        for (index, slot) in self.slots.iter().enumerate() {
            if let Some(place) = table.get_mut(usize::try_from(slot.seq - first).unwrap_or(usize::MAX)) {
                *place = u32_of(index);
            }
        }
        let mut sorted = Vec::with_capacity(self.slots.len());
        sorted.extend(table.into_iter().filter_map(|place| self.slots.get(place as usize)));
        self.slots = sorted;
    }

    /// Its second half, which is taken off it.
    pub(crate) fn split_off_half(&mut self) -> Self {
        let slots = self.slots.split_off(self.slots.len() / 2);
        Self { slots, chunks: self.chunks.clone(), ..Self::default() }
    }
}
