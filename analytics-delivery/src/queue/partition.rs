//! One partition of the index.

use super::block::NO_BLOCK;
use super::entry::EntryId;
use super::totals::EventTotals;

/// The sequence number of no event.
pub(super) const NO_EVENT: u64 = u64::MAX;

/// Events that share a hash's low byte, first in, first out. It is free while none of them is leased or retained.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// Its first and its last block.
    pub(super) head: u32,
    pub(super) tail: u32,
    /// The first event that is neither settled nor leased: its sequence number and its name.
    pub(super) first_waiting: u64,
    pub(super) first_waiting_id: EntryId,
    /// Events that are leased or retained.
    pub(super) out: usize,
    pub(super) live: usize,
    pub(super) waiting: EventTotals,
}

impl Partition {
    pub(super) const EMPTY: Self = Self {
        head: NO_BLOCK,
        tail: NO_BLOCK,
        first_waiting: NO_EVENT,
        first_waiting_id: EntryId::aside(0),
        out: 0,
        live: 0,
        waiting: EventTotals { events: 0, bytes: 0 },
    };

    pub(super) fn is_free(&self) -> bool {
        self.out == 0
    }

    pub(super) fn first_waiting(&self) -> Option<(u64, EntryId)> {
        (self.first_waiting != NO_EVENT).then_some((self.first_waiting, self.first_waiting_id))
    }
}
