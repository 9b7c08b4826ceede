//! Blocks of the index: 64 entries each, all of one pool, so that a partition's index grows without an allocation.

use super::entry::{BLOCK_ENTRIES, Entry, EntryId, EntryKey, InBlock, MOST_BLOCKS, State, next_serial};

/// The place of a block that there is none of.
pub(super) const NO_BLOCK: u32 = u32::MAX;

const UNUSED: Entry = Entry {
    chunk: 0,
    offset: 0,
    len: 0,
    queued_at: 0,
    receipt: 0,
    key: EntryKey::NONE,
    after_first: 0,
    attempts: 0,
    panics: 0,
    state: State::Settled,
};

/// Entries of one partition, in the order in which their events were captured.
#[derive(Debug)]
pub(super) struct Block {
    entries: [Entry; BLOCK_ENTRIES],
    /// The sequence number of its first entry.
    first_seq: u64,
    serial: u32,
    /// Its neighbours in its partition; of a free block, the next free one.
    pub(super) previous: u32,
    pub(super) next: u32,
    pub(super) partition: u8,
    len: u8,
    /// No entry before this one is unsettled.
    first: u8,
    /// Entries that are not settled.
    live: u8,
}

impl Block {
    const UNUSED: Self = Self {
        entries: [UNUSED; BLOCK_ENTRIES],
        first_seq: 0,
        serial: 0,
        previous: NO_BLOCK,
        next: NO_BLOCK,
        partition: 0,
        len: 0,
        first: 0,
        live: 0,
    };

    /// Makes it the last one of `partition`, without an entry. Returns the next free block.
    fn open(&mut self, partition: u8, first_seq: u64, previous: u32) -> u32 {
        (self.partition, self.first_seq, self.previous) = (partition, first_seq, previous);
        (self.len, self.first, self.live) = (0, 0, 0);
        std::mem::replace(&mut self.next, NO_BLOCK)
    }

    /// Whether an entry with the sequence number `seq` can be appended.
    pub(super) fn has_room(&self, seq: u64) -> bool {
        usize::from(self.len) < BLOCK_ENTRIES && u32::try_from(seq - self.first_seq).is_ok()
    }

    /// Appends an entry, and returns its place.
    pub(super) fn append(&mut self, seq: u64, entry: Entry) -> u8 {
        let offset = self.len;
        if let Some(place) = self.entries.get_mut(usize::from(offset)) {
            let after_first = u32::try_from(seq - self.first_seq).unwrap_or(u32::MAX);
            *place = Entry { after_first, ..entry };
            self.len += 1;
            self.live += 1;
        }
        offset
    }

    pub(super) fn entry(&self, offset: u8) -> Option<&Entry> {
        self.entries.get(usize::from(offset)).filter(|_| offset < self.len)
    }

    pub(super) fn entry_mut(&mut self, offset: u8) -> Option<&mut Entry> {
        self.entries.get_mut(usize::from(offset)).filter(|_| offset < self.len)
    }

    /// The sequence number of one of its entries.
    pub(super) fn seq(&self, entry: &Entry) -> u64 {
        self.first_seq + u64::from(entry.after_first)
    }

    /// Notes that one of its entries was settled; tells whether all are.
    pub(super) fn settled(&mut self) -> bool {
        self.live -= 1;
        while self.entry(self.first).is_some_and(|entry| entry.state == State::Settled) {
            self.first += 1;
        }
        self.live == 0
    }

    /// The places of its entries, from the first one that is not settled.
    pub(super) fn places(&self, number: u32) -> impl Iterator<Item = InBlock> + use<> {
        let serial = self.serial;
        (self.first..self.len).map(move |offset| InBlock { block: number, serial, offset })
    }

    /// The place of its first entry that is not settled, if it has one.
    pub(super) fn first(&self) -> u8 {
        self.first
    }
}

/// All blocks of a queue's index, in use and free.
#[derive(Debug)]
pub(super) struct Blocks {
    all: Vec<Block>,
    first_free: u32,
    in_use: usize,
}

impl Blocks {
    /// Room for so many blocks is reserved: address space, which is touched only as far as it is needed.
    pub(super) fn with_capacity(blocks: usize) -> Self {
        Self { all: Vec::with_capacity(blocks), first_free: NO_BLOCK, in_use: 0 }
    }

    /// Blocks that have entries in them.
    pub(super) fn in_use(&self) -> usize {
        self.in_use
    }

    pub(super) fn get(&self, block: u32) -> Option<&Block> {
        self.all.get(block as usize)
    }

    pub(super) fn get_mut(&mut self, block: u32) -> Option<&mut Block> {
        self.all.get_mut(block as usize)
    }

    /// The block of an event's name, unless it is another one's by now.
    pub(super) fn named(&self, id: EntryId) -> Option<(&Block, InBlock)> {
        let place = id.as_in_block()?;
        let block = self.get(place.block).filter(|block| block.serial == place.serial)?;
        Some((block, place))
    }

    pub(super) fn named_mut(&mut self, id: EntryId) -> Option<(&mut Block, InBlock)> {
        let place = id.as_in_block()?;
        let block = self.get_mut(place.block).filter(|block| block.serial == place.serial)?;
        Some((block, place))
    }

    /// The name of the entry at `offset` in `block`.
    pub(super) fn name(&self, block: u32, offset: u8) -> EntryId {
        let serial = self.get(block).map_or(0, |block| block.serial);
        EntryId::in_block(InBlock { block, serial, offset })
    }

    /// Takes an empty block for `partition`, behind its block `previous`.
    pub(super) fn take(&mut self, partition: u8, first_seq: u64, previous: u32) -> u32 {
        if self.first_free == NO_BLOCK {
            self.first_free = u32::try_from(self.all.len()).unwrap_or(NO_BLOCK);
            debug_assert!(self.first_free < MOST_BLOCKS, "so many entries are over a hundred gigabytes");
            self.all.push(Block::UNUSED);
        }
        let taken = self.first_free;
        if let Some(block) = self.all.get_mut(taken as usize) {
            self.first_free = block.open(partition, first_seq, previous);
            self.in_use += 1;
        }
        if let Some(block) = self.get_mut(previous) {
            block.next = taken;
        }
        taken
    }

    /// Takes a block out of its partition: its entries are settled. Returns its neighbours.
    pub(super) fn give(&mut self, number: u32) -> (u32, u32) {
        let first_free = self.first_free;
        let Some(block) = self.get_mut(number) else { return (NO_BLOCK, NO_BLOCK) };
        let (previous, next) = (block.previous, std::mem::replace(&mut block.next, first_free));
        block.serial = next_serial(block.serial);
        block.len = 0;
        self.first_free = number;
        self.in_use -= 1;
        if let Some(block) = self.get_mut(previous) {
            block.next = next;
        }
        if let Some(block) = self.get_mut(next) {
            block.previous = previous;
        }
        (previous, next)
    }
}
