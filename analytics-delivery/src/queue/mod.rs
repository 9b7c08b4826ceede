//! Events that wait to be delivered: an index over chunks of bytes.

mod aside;
mod chunk;
mod entry;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use self::aside::Aside;
use self::chunk::Chunk;
pub(crate) use self::chunk::Pool;
pub(crate) use self::entry::{AgeUnits, ENTRY_BYTES, Entry, State, age, age_units};

/// The events of one route, in the order in which they were captured.
///
/// An entry stays in the index until it and all before it are settled, so its sequence number is its place. The
/// worker leases ranges; leased bytes lie in sealed chunks, which never change, and are shared with the lease. An event
/// that outlasts its neighbours is set aside.
#[derive(Debug)]
pub(crate) struct Queue {
    entries: VecDeque<Entry>,
    aside: Aside,
    /// The sequence number of the first entry.
    first: u64,
    chunks: VecDeque<Chunk>,
    /// The number of the first chunk.
    first_chunk: u32,
    /// No entry before this one waits.
    next_waiting: u64,
    waiting: Sum,
    retained: Sum,
    live_events: usize,
}

/// Events and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) events: usize,
    pub(crate) bytes: usize,
}

impl Sum {
    fn add(&mut self, bytes: usize) {
        self.events += 1;
        self.bytes += bytes;
    }

    fn subtract(&mut self, bytes: usize) {
        self.events -= 1;
        self.bytes -= bytes;
    }
}

/// A leased event's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) seq: u64,
    /// Which of the lease's chunks.
    pub(crate) chunk: u32,
    pub(crate) offset: u32,
    pub(crate) len: u32,
    /// The attempts made before this lease.
    pub(crate) attempts: u16,
}

/// A range of events in the worker's hands.
#[derive(Debug, Default)]
pub(crate) struct Leased {
    pub(crate) slots: Vec<Slot>,
    pub(crate) chunks: Vec<Arc<Vec<u8>>>,
    last_chunk: Option<u32>,
}

impl Leased {
    fn with_capacity(events: usize) -> Self {
        Self { slots: Vec::with_capacity(events), ..Self::default() }
    }

    /// Its second half, which is taken off it.
    pub(crate) fn split_off_half(&mut self) -> Self {
        let slots = self.slots.split_off(self.slots.len() / 2);
        Self { slots, chunks: self.chunks.clone(), last_chunk: None }
    }
}

impl Queue {
    /// A queue whose index holds `events` entries without growing, within reason: address space is not endless.
    pub(crate) fn new(events: usize) -> Self {
        Self {
            entries: VecDeque::with_capacity(events.min(MOST_RESERVED_ENTRIES)),
            aside: Aside::default(),
            first: 0,
            chunks: VecDeque::with_capacity(if events == 0 { 0 } else { 256 }),
            first_chunk: 0,
            next_waiting: 0,
            waiting: Sum::default(),
            retained: Sum::default(),
            live_events: 0,
        }
    }

    /// The events that may go into any batch.
    pub(crate) fn waiting(&self) -> Sum {
        self.waiting
    }

    /// The events that wait to be sent again with the batch that they were sent in.
    pub(crate) fn retained(&self) -> Sum {
        self.retained
    }

    /// What the index weighs, in entries: of events that are not settled, and settled ones behind them.
    pub(crate) fn index_len(&self) -> usize {
        self.entries.len() + self.aside.weight()
    }

    /// Events that are not settled.
    pub(crate) fn live_events(&self) -> usize {
        self.live_events
    }

    /// The sequence number that the next event will have.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The lowest sequence number that is not settled.
    pub(crate) fn lowest_unsettled(&self) -> u64 {
        self.aside.first().map_or(self.first, |seq| seq.min(self.first))
    }

    /// The lowest sequence number that may wait.
    pub(crate) fn next_waiting(&self) -> u64 {
        self.aside.first_waiting().map_or(self.next_waiting, |(seq, _)| seq.min(self.next_waiting))
    }

    /// Appends an event and returns its sequence number.
    pub(crate) fn push(&mut self, bytes: &[u8], queued_at: AgeUnits, pool: &mut Pool) -> u64 {
        let has_room = self.chunks.back().is_some_and(|chunk| chunk.has_room(bytes.len()));
        if !has_room {
            self.chunks.push_back(Chunk::open(pool.take(bytes.len())));
        }
        let chunk = self.first_chunk.wrapping_add(u32_of(self.chunks.len()) - 1);
        let offset = self.chunks.back_mut().map_or(0, |chunk| chunk.append(bytes));
        self.entries.push_back(Entry::waiting(chunk, u32_of(offset), u32_of(bytes.len()), queued_at));
        self.waiting.add(bytes.len());
        self.live_events += 1;
        self.end() - 1
    }

    /// Notes where an event's receipt is.
    pub(crate) fn set_receipt(&mut self, seq: u64, receipt: u32) {
        if let Some(entry) = self.entry_mut(seq) {
            entry.receipt = receipt;
        }
    }

    /// Takes up to `max_events` waiting events of up to `max_bytes` in all, and at least one if any waits.
    pub(crate) fn lease(&mut self, max_events: usize, max_bytes: usize) -> Leased {
        let mut leased = Leased::with_capacity(self.waiting.events.min(max_events));
        let mut bytes = 0_usize;
        while leased.slots.len() < max_events
            && let Some((seq, entry)) = self.aside.first_waiting()
        {
            bytes += entry.len as usize;
            if !leased.slots.is_empty() && bytes > max_bytes {
                return leased;
            }
            self.lease_one(seq, entry, &mut leased);
        }
        let is_mixed = !leased.slots.is_empty();
        let mut seq = self.next_waiting;
        while leased.slots.len() < max_events {
            let Some(entry) = self.indexed(seq) else { break };
            if entry.state == State::Waiting {
                bytes += entry.len as usize;
                if !leased.slots.is_empty() && bytes > max_bytes {
                    break;
                }
                self.lease_one(seq, entry, &mut leased);
            }
            seq += 1;
        }
        self.next_waiting = seq;
        if is_mixed {
            leased.slots.sort_unstable_by_key(|slot| slot.seq);
        }
        leased
    }

    /// Takes the retained events among `seqs`.
    pub(crate) fn lease_retained(&mut self, seqs: &[u64]) -> Leased {
        let mut leased = Leased::with_capacity(seqs.len());
        for seq in seqs {
            if let Some(entry) = self.entry(*seq).filter(|entry| entry.state == State::Retained) {
                self.lease_one(*seq, entry, &mut leased);
            }
        }
        leased
    }

    fn lease_one(&mut self, seq: u64, entry: Entry, leased: &mut Leased) {
        if let Some(bytes) = self.aside.bytes(seq) {
            leased.chunks.push(Arc::new(bytes.to_vec()));
            leased.last_chunk = None;
        } else if leased.last_chunk != Some(entry.chunk) {
            leased.chunks.extend(self.chunk(entry.chunk).and_then(Chunk::seal));
            leased.last_chunk = Some(entry.chunk);
        }
        let chunk = u32_of(leased.chunks.len()).saturating_sub(1);
        leased.slots.push(Slot { seq, chunk, offset: entry.offset, len: entry.len, attempts: entry.attempts });
        self.no_longer_waits(entry);
        self.set_state(seq, State::Leased);
    }

    fn no_longer_waits(&mut self, entry: Entry) {
        match entry.state {
            State::Waiting => self.waiting.subtract(entry.len as usize),
            State::Retained => self.retained.subtract(entry.len as usize),
            State::Leased | State::Settled => {}
        }
    }

    /// The leased event `seq`, unless it was settled meanwhile.
    pub(crate) fn leased(&self, seq: u64) -> Option<Entry> {
        self.entry(seq).filter(|entry| entry.state == State::Leased)
    }

    /// Lets a leased event wait again, for any batch.
    pub(crate) fn give_back(&mut self, seq: u64, attempted: bool, panicked: bool) {
        let Some(entry) = self.entry_mut(seq).filter(|entry| entry.state == State::Leased) else { return };
        entry.attempts = entry.attempts.saturating_add(u16::from(attempted));
        entry.panics = entry.panics.saturating_add(u8::from(panicked));
        let len = entry.len as usize;
        self.waiting.add(len);
        self.set_state(seq, State::Waiting);
        if self.aside.entry(seq).is_none() {
            self.next_waiting = self.next_waiting.min(seq);
        }
    }

    /// Lets a leased event wait again, for the batch that it was sent in.
    pub(crate) fn retain(&mut self, seq: u64) {
        let Some(entry) = self.entry_mut(seq).filter(|entry| entry.state == State::Leased) else { return };
        entry.attempts = entry.attempts.saturating_add(1);
        let len = entry.len as usize;
        self.retained.add(len);
        self.set_state(seq, State::Retained);
    }

    /// As [`retain`](Self::retain), for an event whose neighbours are settled: it may outlast them for long.
    pub(crate) fn set_aside(&mut self, seq: u64, pool: &mut Pool) {
        self.retain(seq);
        let is_retained = |entry: &Entry| entry.state == State::Retained;
        let Some(entry) = self.indexed(seq).filter(is_retained) else { return };
        let Some(bytes) = self.bytes_of(&entry).map(Box::from) else { return };
        self.aside.insert(seq, Entry { offset: 0, ..entry }, bytes);
        self.forget(seq, entry, pool);
    }

    /// Settles an event: its place is free once all before it are settled, its bytes once its chunk has no event
    /// left. Returns the entry, or `None` if it was settled before.
    pub(crate) fn settle(&mut self, seq: u64, pool: &mut Pool) -> Option<Entry> {
        let entry = self.entry(seq).filter(|entry| entry.state != State::Settled)?;
        self.no_longer_waits(entry);
        self.live_events -= 1;
        if !self.aside.remove(seq) {
            self.forget(seq, entry, pool);
        }
        Some(entry)
    }

    /// The event is no longer in the index, nor in its chunk.
    fn forget(&mut self, seq: u64, entry: Entry, pool: &mut Pool) {
        if let Some(entry) = self.indexed_mut(seq) {
            entry.state = State::Settled;
        }
        if let Some(chunk) = self.chunk(entry.chunk) {
            chunk.settle_one(pool);
        }
        while self.entries.front().is_some_and(|entry| entry.state == State::Settled) {
            self.entries.pop_front();
            self.first += 1;
        }
        self.next_waiting = self.next_waiting.max(self.first);
        while self.chunks.front().is_some_and(Chunk::is_freed) {
            self.chunks.pop_front();
            self.first_chunk = self.first_chunk.wrapping_add(1);
        }
    }

    /// The first event that waits, as far as it is known without a search: its sequence number and its age.
    pub(crate) fn first_waiting(&mut self) -> Option<(u64, AgeUnits)> {
        let aside = self.aside.first_waiting().map(|(seq, entry)| (seq, entry.queued_at));
        while let Some(entry) = self.indexed(self.next_waiting) {
            if entry.state == State::Waiting {
                let first = (self.next_waiting, entry.queued_at);
                return Some(aside.map_or(first, |aside| aside.min(first)));
            }
            self.next_waiting += 1;
        }
        aside
    }

    /// All events that are neither settled nor leased, by their sequence numbers, in their order.
    pub(crate) fn unleased(&self) -> impl Iterator<Item = u64> {
        let indexed = (self.first..).zip(&self.entries).filter(|(_, entry)| entry.waits()).map(|(seq, _)| seq);
        in_order(self.aside.unleased(), indexed)
    }

    /// The first events that are neither settled nor leased, at most so many: the age and the length of each.
    pub(crate) fn oldest(&self, most: usize) -> impl Iterator<Item = (AgeUnits, usize)> {
        let entries = self.unleased().take(most).filter_map(|seq| self.entry(seq));
        entries.map(|entry| (entry.queued_at, entry.len as usize))
    }

    /// The first of those in a range, of which `most` are looked at, and where the rest of the range begins.
    pub(crate) fn unleased_in(&self, range: Range<u64>, most: usize) -> (Vec<u64>, u64) {
        let begin = range.start.max(self.first);
        let end = begin.saturating_add(most as u64).min(range.end);
        let waits = |seq: &u64| self.indexed(*seq).is_some_and(|entry| entry.waits());
        let aside = self.aside.unleased().filter(|seq| *seq >= range.start && *seq < end);
        let seqs: Vec<_> = in_order(aside, (begin..end).filter(waits)).take(most).collect();
        let seen_to = if seqs.len() == most { seqs.last().map_or(end, |last| last + 1) } else { end };
        (seqs, seen_to)
    }

    /// The bytes of an event that is not settled.
    pub(crate) fn bytes(&self, seq: u64) -> Option<&[u8]> {
        self.aside.bytes(seq).or_else(|| self.bytes_of(&self.indexed(seq)?))
    }

    /// The bytes of all events that are not settled.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = &[u8]> {
        self.aside.all_bytes().chain(self.entries.iter().filter_map(|entry| self.bytes_of(entry)))
    }

    fn bytes_of(&self, entry: &Entry) -> Option<&[u8]> {
        if entry.state == State::Settled {
            return None;
        }
        let chunk = self.chunks.get(entry.chunk.wrapping_sub(self.first_chunk) as usize)?;
        let from = entry.offset as usize;
        chunk.bytes().get(from..from + entry.len as usize)
    }

    /// When the event `seq` was queued, if it is retained.
    pub(crate) fn retained_since(&self, seq: u64) -> Option<AgeUnits> {
        self.entry(seq).filter(|entry| entry.state == State::Retained).map(|entry| entry.queued_at)
    }

    /// Takes all events out; leases that are out find nothing to settle.
    pub(crate) fn take(&mut self) -> Self {
        let mut left = Self::new(0);
        left.first = self.end();
        left.next_waiting = left.first;
        std::mem::replace(self, left)
    }

    fn entry(&self, seq: u64) -> Option<Entry> {
        self.aside.entry(seq).or_else(|| self.indexed(seq))
    }

    fn entry_mut(&mut self, seq: u64) -> Option<&mut Entry> {
        if self.aside.entry(seq).is_some() { self.aside.entry_mut(seq) } else { self.indexed_mut(seq) }
    }

    fn indexed(&self, seq: u64) -> Option<Entry> {
        let place = usize::try_from(seq.checked_sub(self.first)?).ok()?;
        self.entries.get(place).copied()
    }

    fn indexed_mut(&mut self, seq: u64) -> Option<&mut Entry> {
        let place = usize::try_from(seq.checked_sub(self.first)?).ok()?;
        self.entries.get_mut(place)
    }

    fn set_state(&mut self, seq: u64, state: State) {
        if !self.aside.set_state(seq, state)
            && let Some(entry) = self.indexed_mut(seq)
        {
            entry.state = state;
        }
    }

    fn chunk(&mut self, number: u32) -> Option<&mut Chunk> {
        self.chunks.get_mut(number.wrapping_sub(self.first_chunk) as usize)
    }
}

/// Two rising rows of numbers as one.
fn in_order(one: impl Iterator<Item = u64>, two: impl Iterator<Item = u64>) -> impl Iterator<Item = u64> {
    let (mut one, mut two) = (one.peekable(), two.peekable());
    std::iter::from_fn(move || match (one.peek(), two.peek()) {
        (Some(first), Some(second)) if first > second => two.next(),
        (Some(_), _) => one.next(),
        (None, _) => two.next(),
    })
}

/// Entries for which room is reserved at most; a larger index grows.
const MOST_RESERVED_ENTRIES: usize = 1 << 22;

/// Lengths and places fit: no event is larger than the queue, whose limit is checked before.
fn u32_of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
