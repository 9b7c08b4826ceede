//! What became of the events of one lane.

use std::ops::AddAssign;

use super::{DropReason, Settlement};

/// What became of every event of one [lane](crate::Lane), at one moment: a part of a [`Ledger`](super::Ledger).
///
/// `captured = delivered + dropped + pending` holds by construction, as in the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneLedger {
    delivered: u64,
    pending: u64,
    dropped: [u64; DropReason::ALL.len()],
}

impl LaneLedger {
    /// Events that the sink was given.
    #[must_use]
    pub fn captured(&self) -> u64 {
        self.delivered + self.pending + self.dropped_total()
    }

    /// Events that arrived.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Events that are neither delivered nor dropped yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.pending
    }

    /// Events dropped for `reason`.
    #[must_use]
    pub fn dropped(&self, reason: DropReason) -> u64 {
        self.dropped.get(reason.index()).copied().unwrap_or(0)
    }

    /// Events dropped for any reason.
    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.dropped.iter().sum()
    }

    /// Events dropped that nobody meant to drop.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let is_loss = |reason: &&DropReason| !reason.is_intended();
        DropReason::ALL.iter().filter(is_loss).map(|reason| self.dropped(*reason)).sum()
    }

    pub(super) fn add(&mut self, settlement: Settlement) {
        match settlement {
            Settlement::Delivered => self.add_delivered(1),
            Settlement::Dropped(reason) => self.add_dropped(reason, 1),
            Settlement::Unsettled => {}
        }
    }

    pub(super) fn add_delivered(&mut self, events: u64) {
        self.delivered += events;
    }

    pub(super) fn add_dropped(&mut self, reason: DropReason, events: u64) {
        if let Some(count) = self.dropped.get_mut(reason.index()) {
            *count += events;
        }
    }

    pub(super) fn set_pending(&mut self, pending: u64) {
        self.pending = pending;
    }
}

impl AddAssign for LaneLedger {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.pending += other.pending;
        for (count, more) in self.dropped.iter_mut().zip(other.dropped) {
            *count += more;
        }
    }
}
