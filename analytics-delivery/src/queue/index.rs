//! The index: the events of a queue in partitions, each first in, first out.

use super::block::{Blocks, NO_BLOCK};
use super::entry::{BLOCK_ENTRIES, Entry, EntryId, State};
use super::partition::{NO_EVENT, Partition};
use super::totals::EventTotals;

/// Partitions of a queue. More would share few requests between many; fewer would be held up by one bad event.
pub(super) const PARTITIONS: usize = 256;

/// Blocks for which room is reserved at most; a larger index grows.
const MOST_RESERVED_BLOCKS: usize = (1 << 22) / BLOCK_ENTRIES;

/// The events of one route that lie in chunks.
///
/// A partition is free while none of its events is leased or retained. A lease takes from free ones only, from the
/// front: so each partition is in one request at most, and what is behind waits until that is settled.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) blocks: Blocks,
    pub(super) partitions: Box<[Partition]>,
    /// The partitions that have an event, a bit each.
    pub(super) occupied: [u64; PARTITIONS / 64],
    /// The sequence number of the next event.
    end: u64,
    /// Events that wait, in all partitions and in free ones.
    waiting: EventTotals,
    ready: EventTotals,
    retained: EventTotals,
    live: usize,
}

impl Index {
    /// An index of `events` that does not grow, within reason, whose first event has the sequence number `end`.
    pub(super) fn new(events: usize, end: u64) -> Self {
        let blocks = if events == 0 { 0 } else { events.div_ceil(BLOCK_ENTRIES) + PARTITIONS };
        Self {
            blocks: Blocks::with_capacity(blocks.min(MOST_RESERVED_BLOCKS)),
            partitions: vec![Partition::EMPTY; PARTITIONS].into(),
            occupied: [0; PARTITIONS / 64],
            end,
            waiting: EventTotals::default(),
            ready: EventTotals::default(),
            retained: EventTotals::default(),
            live: 0,
        }
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    pub(super) fn live(&self) -> usize {
        self.live
    }

    pub(super) fn waiting(&self) -> EventTotals {
        self.waiting
    }

    pub(super) fn ready(&self) -> EventTotals {
        self.ready
    }

    pub(super) fn retained(&self) -> EventTotals {
        self.retained
    }

    /// What it weighs, in entries: those of events that are not settled, and what its blocks hold beyond one that is
    /// not full in each partition.
    pub(super) fn weight(&self) -> usize {
        self.live.max(self.blocks.in_use().saturating_sub(PARTITIONS) * BLOCK_ENTRIES)
    }

    /// Events of a partition that are not settled.
    pub(super) fn live_in(&self, partition: usize) -> usize {
        self.partitions.get(partition).map_or(0, |partition| partition.live)
    }

    pub(super) fn is_free(&self, partition: usize) -> bool {
        self.partitions.get(partition).is_some_and(Partition::is_free)
    }

    /// Appends an event that waits.
    pub(super) fn push(&mut self, partition_index: usize, entry: Entry) -> EntryId {
        let seq = self.end;
        self.end += 1;
        let Some(partition) = self.partitions.get_mut(partition_index) else { return EntryId::aside(seq) };
        if !self.blocks.get(partition.tail).is_some_and(|block| block.has_room(seq)) {
            let number = u8::try_from(partition_index).unwrap_or(u8::MAX);
            partition.tail = self.blocks.take(number, seq, partition.tail);
            if partition.head == NO_BLOCK {
                partition.head = partition.tail;
                mark(&mut self.occupied, partition_index, true);
            }
        }
        let tail = partition.tail;
        let offset = self.blocks.get_mut(tail).map_or(0, |block| block.append(seq, entry));
        let id = self.blocks.name(tail, offset);
        partition.live += 1;
        self.live += 1;
        let len = entry.len as usize;
        partition.waiting.add(len);
        self.waiting.add(len);
        if partition.is_free() {
            self.ready.add(len);
        }
        if partition.first_waiting == NO_EVENT {
            (partition.first_waiting, partition.first_waiting_id) = (seq, id);
        }
        id
    }

    pub(super) fn get(&self, id: EntryId) -> Option<&Entry> {
        let (block, place) = self.blocks.named(id)?;
        block.entry(place.offset)
    }

    /// An entry to be changed, all but its state.
    pub(super) fn get_mut(&mut self, id: EntryId) -> Option<&mut Entry> {
        let (block, place) = self.blocks.named_mut(id)?;
        block.entry_mut(place.offset)
    }

    /// The sequence number of an event that is not settled.
    pub(super) fn seq(&self, id: EntryId) -> Option<u64> {
        let (block, place) = self.blocks.named(id)?;
        Some(block.seq(block.entry(place.offset)?))
    }

    pub(super) fn partition_of(&self, id: EntryId) -> Option<u8> {
        self.blocks.named(id).map(|(block, _)| block.partition)
    }

    /// Changes where an event is. Returns it as it was, or `None` if it was settled before.
    pub(super) fn set_state(&mut self, id: EntryId, state: State) -> Option<Entry> {
        let (block, place) = self.blocks.named_mut(id)?;
        let entry = block.entry_mut(place.offset).filter(|entry| entry.state != State::Settled)?;
        let was = *entry;
        entry.state = state;
        let seq = block.seq(&was);
        let partition_index = usize::from(block.partition);
        let is_empty = state == State::Settled && block.settled();
        let partition = self.partitions.get_mut(partition_index)?;
        if partition.is_free() {
            self.ready.subtract_all(partition.waiting);
        }
        let len = was.len as usize;
        match was.state {
            State::Waiting => {
                partition.waiting.subtract(len);
                self.waiting.subtract(len);
            }
            State::Retained => {
                partition.out -= 1;
                self.retained.subtract(len);
            }
            State::Leased => partition.out -= 1,
            State::Settled => {}
        }
        match state {
            State::Waiting => {
                partition.waiting.add(len);
                self.waiting.add(len);
            }
            State::Retained => {
                partition.out += 1;
                self.retained.add(len);
            }
            State::Leased => partition.out += 1,
            State::Settled => {
                partition.live -= 1;
                self.live -= 1;
            }
        }
        if partition.is_free() {
            self.ready.add_all(partition.waiting);
        }
        let waits = matches!(state, State::Waiting | State::Retained);
        if waits && seq < partition.first_waiting {
            (partition.first_waiting, partition.first_waiting_id) = (seq, id);
        } else if !waits && seq == partition.first_waiting {
            let next = self.waiting_behind(id).unwrap_or((NO_EVENT, id));
            if let Some(partition) = self.partitions.get_mut(partition_index) {
                (partition.first_waiting, partition.first_waiting_id) = next;
            }
        }
        if is_empty {
            self.free_block(partition_index, place.block);
        }
        Some(was)
    }

    /// Settles an event; as [`set_state`](Self::set_state). Most were leased, and nothing else but their partition's
    /// being free hangs on those.
    pub(super) fn settle(&mut self, id: EntryId) -> Option<Entry> {
        let (block, place) = self.blocks.named_mut(id)?;
        let entry = block.entry_mut(place.offset)?;
        if entry.state != State::Leased {
            return self.set_state(id, State::Settled);
        }
        let was = *entry;
        entry.state = State::Settled;
        let partition_index = usize::from(block.partition);
        let is_empty = block.settled();
        let partition = self.partitions.get_mut(partition_index)?;
        partition.out -= 1;
        partition.live -= 1;
        self.live -= 1;
        if partition.is_free() {
            self.ready.add_all(partition.waiting);
        }
        if is_empty {
            self.free_block(partition_index, place.block);
        }
        Some(was)
    }

    /// Leases events from the front of a free partition, as long as `take` takes them.
    pub(super) fn lease_front(&mut self, partition_index: usize, mut take: impl FnMut(EntryId, u64, &Entry) -> bool) {
        let Some(partition) = self.partitions.get_mut(partition_index).filter(|partition| partition.is_free()) else {
            return;
        };
        self.ready.subtract_all(partition.waiting);
        let (mut taken, mut first_left) = (EventTotals::default(), NO_EVENT);
        let mut number = partition.head;
        'blocks: while let Some(block) = self.blocks.get_mut(number) {
            for place in block.places(number) {
                let Some(seq) = block.entry(place.offset).map(|entry| block.seq(entry)) else { break };
                let Some(entry) = block.entry_mut(place.offset) else { break };
                // In a free partition what is not settled waits.
                if entry.state == State::Settled {
                    continue;
                }
                let id = EntryId::in_block(place);
                if !take(id, seq, entry) {
                    (first_left, partition.first_waiting_id) = (seq, id);
                    break 'blocks;
                }
                entry.state = State::Leased;
                taken.add(entry.len as usize);
            }
            number = block.next;
        }
        partition.first_waiting = first_left;
        partition.out = taken.events;
        partition.waiting.subtract_all(taken);
        self.waiting.subtract_all(taken);
        if partition.is_free() {
            self.ready.add_all(partition.waiting);
        }
    }

    /// The first event behind `id` that is neither settled nor leased.
    pub(super) fn waiting_behind(&self, id: EntryId) -> Option<(u64, EntryId)> {
        let waits = self.behind(id).find(|id| self.get(*id).is_some_and(Entry::waits));
        waits.and_then(|id| Some((self.seq(id)?, id)))
    }

    fn free_block(&mut self, partition_index: usize, number: u32) {
        let (previous, next) = self.blocks.give(number);
        let Some(partition) = self.partitions.get_mut(partition_index) else { return };
        if partition.head == number {
            partition.head = next;
        }
        if partition.tail == number {
            partition.tail = previous;
        }
        if partition.head == NO_BLOCK {
            mark(&mut self.occupied, partition_index, false);
        }
    }

    /// The first event of a partition that is neither settled nor leased.
    pub(super) fn first_waiting_in(&self, partition: usize) -> Option<EntryId> {
        self.partitions.get(partition)?.first_waiting().map(|(_, id)| id)
    }

    /// The events of its partition behind this one, settled ones among them.
    fn behind(&self, id: EntryId) -> impl Iterator<Item = EntryId> {
        let at = self.blocks.named(id).map(|(_, place)| (place.block, place.offset));
        self.walk(at, 1)
    }

    /// The events of a partition, from `from` or from the first one.
    pub(super) fn events_of(&self, partition: usize, from: Option<EntryId>) -> impl Iterator<Item = EntryId> {
        let head = self.partitions.get(partition).map_or(NO_BLOCK, |partition| partition.head);
        // One that was settled meanwhile may have left its block to others.
        let from = from.and_then(|id| self.blocks.named(id)).map(|(_, place)| (place.block, place.offset));
        self.walk(from.or_else(|| Some((head, self.blocks.get(head)?.first()))), 0)
    }

    fn walk(&self, from: Option<(u32, u8)>, skip: u8) -> impl Iterator<Item = EntryId> {
        let mut at = from.map(|(block, offset)| (block, offset + skip));
        std::iter::from_fn(move || {
            loop {
                let (number, offset) = at?;
                let block = self.blocks.get(number)?;
                if block.entry(offset).is_some() {
                    at = Some((number, offset + 1));
                    return Some(self.blocks.name(number, offset));
                }
                at = Some((block.next, self.blocks.get(block.next)?.first()));
            }
        })
    }
}

/// Notes whether a partition has an event.
fn mark(occupied: &mut [u64], partition: usize, is_occupied: bool) {
    if let Some(word) = occupied.get_mut(partition / 64) {
        let bit = 1 << (partition % 64);
        if is_occupied { *word |= bit } else { *word &= !bit }
    }
}
