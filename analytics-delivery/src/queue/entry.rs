//! An event's entry in the index, and what names it.

use std::time::Duration;

/// When an event was queued, in units of 64 ms since the engine's start: 32 bits last for eight years.
pub(crate) type AgeUnits = u32;

/// What an entry weighs.
pub(crate) const ENTRY_BYTES: usize = size_of::<Entry>();

/// An event's entry in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) chunk: u32,
    pub(crate) offset: u32,
    pub(crate) len: u32,
    pub(crate) queued_at: AgeUnits,
    /// Where the event's receipt is; 0 if nobody waits for word of it.
    pub(crate) receipt: u32,
    /// Among whose events it keeps its place.
    pub(crate) key: EntryKey,
    /// Its sequence number, less that of its block.
    pub(super) after_first: u32,
    /// Attempts at it so far.
    pub(crate) attempts: u16,
    /// Panics of the worker while it was leased.
    pub(crate) panics: u8,
    pub(crate) state: State,
}

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may go into any batch.
    Waiting,
    /// It waits to be sent again with the batch that it was sent in.
    Retained,
    Leased,
    Settled,
}

/// Among whose events an event keeps its place: 32 bits of the actor's hash that do not choose its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EntryKey(u32);

impl EntryKey {
    /// Of an event that needs no order.
    pub(crate) const NONE: Self = Self(0);

    /// The key for a hash; its low byte chooses the partition.
    pub(super) const fn of(hash: u64) -> Self {
        // Zero is taken.
        Self((hash >> 32) as u32 | 1)
    }

    /// The key, unless the event needs no order.
    pub(super) fn ordered(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }

    pub(super) const fn bits(self) -> u32 {
        self.0
    }
}

/// Names an event that is not settled. One that was settled has its name to itself for as long as anybody keeps it.
///
/// In its bits: an event of a block has the block's serial number (31), the block's place (26) and its own in there
/// (6); one that was set aside has the highest bit, and its sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(u64);

/// Entries in a block.
pub(super) const BLOCK_ENTRIES: usize = 64;

const ASIDE: u64 = 1 << 63;
const OFFSET_BITS: u32 = BLOCK_ENTRIES.trailing_zeros();
const PLACE_BITS: u32 = 26;
/// Blocks that can be named.
pub(super) const MOST_BLOCKS: u32 = 1 << PLACE_BITS;

/// An entry's place in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InBlock {
    pub(super) block: u32,
    pub(super) serial: u32,
    pub(super) offset: u8,
}

impl EntryId {
    pub(super) fn in_block(InBlock { block, serial, offset }: InBlock) -> Self {
        let serial = u64::from(serial) << (PLACE_BITS + OFFSET_BITS) & !ASIDE;
        Self(serial | u64::from(block) << OFFSET_BITS | u64::from(offset))
    }

    pub(super) const fn aside(seq: u64) -> Self {
        Self(ASIDE | seq)
    }

    /// Its sequence number, if it was set aside.
    pub(super) fn as_aside(self) -> Option<u64> {
        (self.0 & ASIDE != 0).then_some(self.0 & !ASIDE)
    }

    /// Its place, if it is in a block.
    #[expect(clippy::cast_possible_truncation, reason = "the bits are masked")]
    pub(super) const fn as_in_block(self) -> Option<InBlock> {
        if self.0 & ASIDE != 0 {
            return None;
        }
        Some(InBlock {
            block: (self.0 >> OFFSET_BITS) as u32 & (MOST_BLOCKS - 1),
            serial: (self.0 >> (PLACE_BITS + OFFSET_BITS)) as u32,
            offset: self.0 as u8 & (BLOCK_ENTRIES - 1) as u8,
        })
    }
}

/// The serial number after this one: 31 bits of them.
pub(super) const fn next_serial(serial: u32) -> u32 {
    serial.wrapping_add(1) & (u32::MAX >> 1)
}

impl Entry {
    /// Whether it is neither settled nor leased.
    pub(super) fn waits(&self) -> bool {
        matches!(self.state, State::Waiting | State::Retained)
    }
}

/// The moment `now` in an entry's units.
pub(crate) fn age_units(now: Duration) -> AgeUnits {
    u32::try_from(now.as_millis() >> 6).unwrap_or(u32::MAX)
}

/// How old an event is at `now`.
pub(crate) fn age(queued_at: AgeUnits, now: Duration) -> Duration {
    now.saturating_sub(Duration::from_millis(u64::from(queued_at) << 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_small() {
        assert_eq!(ENTRY_BYTES, 32);
    }

    #[test]
    fn an_age_is_known_to_within_its_unit() {
        let queued = Duration::from_millis(123_456);
        let age = age(age_units(queued), queued + Duration::from_secs(10));
        assert!((10_000..10_064).contains(&age.as_millis()), "{age:?}");
    }

    #[test]
    fn a_name_tells_the_place() {
        for place in [
            InBlock { block: 0, serial: 0, offset: 0 },
            InBlock { block: MOST_BLOCKS - 1, serial: u32::MAX >> 1, offset: 63 },
            InBlock { block: 5, serial: 1, offset: 7 },
        ] {
            let id = EntryId::in_block(place);
            assert_eq!((id.as_in_block(), id.as_aside()), (Some(place), None));
        }
        assert_eq!((EntryId::aside(9).as_aside(), EntryId::aside(9).as_in_block()), (Some(9), None));
        assert_eq!(next_serial(u32::MAX >> 1), 0);
    }
}
