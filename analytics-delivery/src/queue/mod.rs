//! Events that wait to be delivered: an index over chunks of bytes.

mod block;
mod chunk;
mod compaction;
mod entry;
mod index;
mod lease;
mod leased;
mod oldest;
mod partition;
mod scan;
mod settle;
mod share;
mod stragglers;
mod totals;
mod walk;

use std::collections::VecDeque;

use self::chunk::Chunk;
pub(crate) use self::chunk::Pool;
use self::compaction::Compaction;
pub(crate) use self::entry::{AgeUnits, ENTRY_BYTES, Entry, EntryId, EntryKey, State, age, age_units};
use self::index::{Index, PARTITIONS};
pub(crate) use self::leased::{Leased, Slot};
use self::share::Shares;
use self::stragglers::Stragglers;
pub(crate) use self::totals::EventTotals;
pub(crate) use self::walk::Walk;

/// The events of one route, in partitions by the actor, each in the order in which its events were captured.
///
/// Each partition is in one request at most: the worker leases events of [free](Index) ones, and whatever is not
/// settled by the answer is retained for the same batch, or waits again, before its partition is free. Leased bytes lie
/// in sealed chunks, which never change, and are shared with the lease. An event that outlasts its neighbours is set
/// [aside](Stragglers).
#[derive(Debug)]
pub(crate) struct Queue {
    index: Index,
    stragglers: Stragglers,
    shares: Shares,
    chunks: VecDeque<Chunk>,
    /// The number of the first chunk.
    first_chunk: u32,
    /// The bytes of the chunks that are held, and of the events in them that are not settled.
    held_bytes: usize,
    live_bytes: usize,
    /// The size of an ordinary chunk.
    chunk_bytes: usize,
    compaction: Compaction,
    /// The partition of events that need no order, and how many more of them it takes.
    unordered: usize,
    unordered_left: usize,
    /// Events that need no order and follow each other into one partition.
    unordered_run: usize,
}

impl Queue {
    /// A queue whose index holds `events` without growing, within reason: address space is not endless. It is drained
    /// in batches of `batch_events`.
    pub(crate) fn new(events: usize, batch_events: usize, pool: &Pool) -> Self {
        Self::starting_at(0, events, batch_events, pool.chunk_bytes())
    }

    fn starting_at(end: u64, events: usize, batch_events: usize, chunk_bytes: usize) -> Self {
        Self {
            index: Index::new(events, end),
            stragglers: Stragglers::default(),
            shares: Shares::new(),
            chunks: VecDeque::with_capacity(if events == 0 { 0 } else { 256 }),
            first_chunk: 0,
            held_bytes: 0,
            live_bytes: 0,
            chunk_bytes,
            compaction: Compaction::default(),
            unordered: 0,
            unordered_left: 0,
            unordered_run: (batch_events / UNORDERED_PARTITIONS).max(1),
        }
    }

    /// The events that wait, whatever for.
    pub(crate) fn waiting(&self) -> EventTotals {
        self.index.waiting().and(self.stragglers.waiting())
    }

    /// The events that may go into a batch now.
    pub(crate) fn ready(&self) -> EventTotals {
        self.index.ready().and(self.stragglers.ready_totals())
    }

    /// The events that wait to be sent again with the batch that they were sent in.
    pub(crate) fn retained(&self) -> EventTotals {
        self.index.retained().and(self.stragglers.retained())
    }

    /// What the index weighs, in entries.
    pub(crate) fn index_len(&self) -> usize {
        self.index.weight() + self.stragglers.weight()
    }

    /// Events that are not settled.
    pub(crate) fn live_events(&self) -> usize {
        self.index.live() + self.stragglers.len()
    }

    /// The sequence number that the next event will have.
    pub(crate) fn end(&self) -> u64 {
        self.index.end()
    }

    /// The lowest sequence number that is not settled.
    pub(crate) fn lowest_unsettled(&self) -> u64 {
        let firsts = self.index.lowest_unsettled().into_iter().chain(self.stragglers.first());
        firsts.min().unwrap_or(self.end())
    }

    /// The lowest sequence number that may go into a batch now.
    pub(crate) fn first_ready(&self) -> Option<u64> {
        let aside = self.stragglers.ready().next().map(|(seq, _)| seq);
        self.index.first_ready().into_iter().chain(aside).min()
    }

    /// What the actor of `hash` has in here, at most.
    pub(crate) fn share(&self, hash: u64) -> EventTotals {
        let bucket = self.shares.of(EntryKey::of(hash));
        let partition = self.index.live_in(partition_of(hash)) + self.stragglers.len();
        if partition < bucket.events { EventTotals { events: partition, ..bucket } } else { bucket }
    }

    /// Appends an event, which keeps its place among those with the same `hash` if it has one.
    pub(crate) fn push(&mut self, bytes: &[u8], hash: Option<u64>, queued_at: AgeUnits, pool: &mut Pool) -> EntryId {
        let partition = hash.map_or_else(|| self.partition_of_unordered(), partition_of);
        let key = hash.map_or(EntryKey::NONE, EntryKey::of);
        let (chunk, offset) = self.append(bytes, pool);
        self.shares.add(key, bytes.len());
        let (len, state) = (u32_of(bytes.len()), State::Waiting);
        self.index.push(
            partition,
            Entry { chunk, offset, len, queued_at, receipt: 0, key, after_first: 0, attempts: 0, panics: 0, state },
        )
    }

    /// What needs no order goes where nothing is out: a run of events into each partition, so that a few make a batch.
    fn partition_of_unordered(&mut self) -> usize {
        if self.unordered_left == 0 || !self.index.is_free(self.unordered) {
            let mut next = (1..=MOST_PASSED_OVER).map(|step| (self.unordered + step) % PARTITIONS);
            let free = next.find(|partition| self.index.is_free(*partition));
            self.unordered = free.unwrap_or((self.unordered + 1) % PARTITIONS);
            self.unordered_left = self.unordered_run;
        }
        self.unordered_left -= 1;
        self.unordered
    }

    /// Writes an event's bytes into the open chunk. Returns their place.
    fn append(&mut self, bytes: &[u8], pool: &mut Pool) -> (u32, u32) {
        if !self.chunks.back().is_some_and(|chunk| chunk.has_room(bytes.len())) {
            let chunk = Chunk::open(pool.take(bytes.len()));
            self.held_bytes += chunk.capacity();
            self.chunks.push_back(chunk);
        }
        let number = self.first_chunk.wrapping_add(u32_of(self.chunks.len()) - 1);
        let offset = self.chunks.back_mut().map_or(0, |chunk| chunk.append(bytes));
        self.live_bytes += bytes.len();
        (number, u32_of(offset))
    }

    /// Notes where an event's receipt is.
    pub(crate) fn set_receipt(&mut self, id: EntryId, receipt: u32) {
        if let Some(entry) = self.entry_mut(id) {
            entry.receipt = receipt;
        }
    }

    /// The leased event `id`, unless it was settled meanwhile.
    pub(crate) fn leased(&self, id: EntryId) -> Option<Entry> {
        self.entry(id).filter(|entry| entry.state == State::Leased).copied()
    }

    /// Lets a leased event wait again, for any batch.
    pub(crate) fn give_back(&mut self, id: EntryId, attempted: bool) {
        self.end_lease(id, attempted, State::Waiting);
    }

    /// Counts a panic with a leased event in the worker's hands. Returns their number.
    pub(crate) fn count_panic(&mut self, id: EntryId) -> u8 {
        let Some(entry) = self.entry_mut(id).filter(|entry| entry.state == State::Leased) else { return 0 };
        entry.panics = entry.panics.saturating_add(1);
        entry.panics
    }

    /// Lets a leased event wait again, for the batch that it was leased with; tells whether it was leased still.
    pub(crate) fn retain(&mut self, id: EntryId, attempted: bool) -> bool {
        self.end_lease(id, attempted, State::Retained)
    }

    fn end_lease(&mut self, id: EntryId, attempted: bool, state: State) -> bool {
        let Some(entry) = self.entry_mut(id).filter(|entry| entry.state == State::Leased) else { return false };
        entry.attempts = entry.attempts.saturating_add(u16::from(attempted));
        self.set_state(id, state).is_some()
    }

    /// As [`retain`](Self::retain), after an attempt, for an event whose neighbours are settled: it may outlast them
    /// for long. It has another name from now on.
    pub(crate) fn set_aside(&mut self, id: EntryId, pool: &mut Pool) -> EntryId {
        self.retain(id, true);
        self.move_aside(id, pool).unwrap_or(id)
    }

    /// Gives an event bytes of its own, and takes it out of its partition.
    fn move_aside(&mut self, id: EntryId, pool: &mut Pool) -> Option<EntryId> {
        let (seq, entry) = (self.index.seq(id)?, *self.index.get(id)?);
        let bytes = self.bytes_of(&entry).map(Box::from)?;
        self.stragglers.insert(seq, Entry { offset: 0, ..entry }, bytes);
        self.index.set_state(id, State::Settled);
        self.release(entry.chunk, entry.len, pool);
        Some(EntryId::aside(seq))
    }

    /// Whether earlier events of its actor were set aside that are not on their way: it may not be, either.
    pub(crate) fn holds_back(&self, slot: &Slot) -> bool {
        !self.stragglers.is_empty() && self.stragglers.holds_back(slot.key, slot.seq)
    }

    /// The bytes of an event that is not settled.
    pub(crate) fn bytes(&self, id: EntryId) -> Option<&[u8]> {
        match id.as_aside() {
            Some(seq) => self.stragglers.bytes(seq),
            None => self.bytes_of(self.index.get(id)?),
        }
    }

    /// The bytes of all events that are not settled, in the order in which they were captured.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = &[u8]> {
        let indexed = (0..PARTITIONS).flat_map(|partition| self.index.events_of(partition, None));
        let indexed = indexed.filter_map(|id| Some((self.index.seq(id)?, self.bytes_of(self.index.get(id)?)?)));
        let mut all: Vec<_> = self.stragglers.all_bytes().chain(indexed).collect();
        all.sort_unstable_by_key(|(seq, _)| *seq);
        all.into_iter().map(|(_, bytes)| bytes)
    }

    fn bytes_of(&self, entry: &Entry) -> Option<&[u8]> {
        if entry.state == State::Settled {
            return None;
        }
        let chunk = self.chunks.get(entry.chunk.wrapping_sub(self.first_chunk) as usize)?;
        let from = entry.offset as usize;
        chunk.bytes().get(from..from + entry.len as usize)
    }

    /// When the event `id` was queued, if it is retained.
    pub(crate) fn retained_since(&self, id: EntryId) -> Option<AgeUnits> {
        self.entry(id).filter(|entry| entry.state == State::Retained).map(|entry| entry.queued_at)
    }

    /// What names an event's partition, or its actor if it was set aside: events with different ones are independent.
    pub(crate) fn group_of(&self, id: EntryId) -> u64 {
        match id.as_aside() {
            None => self.index.partition_of(id).map_or(0, u64::from),
            Some(seq) => {
                let key = self.stragglers.entry(seq).and_then(|entry| entry.key.ordered());
                // One that needs no order is alone.
                key.map_or(seq << 33 | 1 << 32, |key| u64::from(key.bits()) << 8 | 1 << 40)
            }
        }
    }

    /// Whether the event with this sequence number was set aside.
    #[cfg(test)]
    pub(crate) fn is_aside(&self, seq: u64) -> bool {
        self.stragglers.entry(seq).is_some()
    }

    /// Takes all events out; leases that are out find nothing to settle.
    pub(crate) fn take(&mut self) -> Self {
        let left = Self::starting_at(self.end(), 0, 0, self.chunk_bytes);
        std::mem::replace(self, left)
    }

    fn entry(&self, id: EntryId) -> Option<&Entry> {
        match id.as_aside() {
            Some(seq) => self.stragglers.entry(seq),
            None => self.index.get(id),
        }
    }

    fn entry_mut(&mut self, id: EntryId) -> Option<&mut Entry> {
        match id.as_aside() {
            Some(seq) => self.stragglers.entry_mut(seq),
            None => self.index.get_mut(id),
        }
    }

    fn seq(&self, id: EntryId) -> Option<u64> {
        id.as_aside().or_else(|| self.index.seq(id))
    }

    fn set_state(&mut self, id: EntryId, state: State) -> Option<Entry> {
        match id.as_aside() {
            Some(seq) => self.stragglers.set_state(seq, state),
            None => self.index.set_state(id, state),
        }
    }

    fn chunk(&mut self, number: u32) -> Option<&mut Chunk> {
        self.chunks.get_mut(number.wrapping_sub(self.first_chunk) as usize)
    }
}

/// Partitions into which a batch of events that need no order goes, so that several batches can be on their way.
const UNORDERED_PARTITIONS: usize = 16;

/// Partitions that are looked at for a free one at most.
const MOST_PASSED_OVER: usize = 8;

/// The partition of the events with this hash: its low byte.
fn partition_of(hash: u64) -> usize {
    usize::from(hash.to_le_bytes()[0])
}

/// Lengths and places fit: no event is larger than the queue, whose limit is checked before.
fn u32_of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
