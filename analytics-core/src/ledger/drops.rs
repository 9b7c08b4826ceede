//! The drops of a sink that holds no events.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Captured, DropReason, Ledger};
use crate::lane::Lane;

/// Counts drops without a lock: for wrappers and for sinks that hold nothing, whose every count stands alone.
///
/// A wrapper's ledger is the inner sink's with its own drops added.
#[derive(Debug)]
pub struct Drops([[AtomicU64; DropReason::ALL.len()]; Lane::ALL.len()]);

impl Default for Drops {
    fn default() -> Self {
        Self([const { [const { AtomicU64::new(0) }; DropReason::ALL.len()] }; Lane::ALL.len()])
    }
}

impl Drops {
    /// No drops yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one event of [`lane`](crate::Record::lane), and says so to the caller.
    #[inline]
    pub fn count(&self, lane: Lane, reason: DropReason) -> Captured {
        self.count_first(lane, reason);
        Captured::Dropped(reason)
    }

    /// Counts one event of `lane`; tells whether it is the first of the lane that was dropped for `reason`.
    #[inline]
    pub fn count_first(&self, lane: Lane, reason: DropReason) -> bool {
        let count = self.0.get(lane.index()).and_then(|counts| counts.get(reason.index()));
        // Relaxed: each count stands alone, and nothing else is published through it.
        count.is_some_and(|count| count.fetch_add(1, Ordering::Relaxed) == 0)
    }

    /// Adds the drops to `ledger`.
    pub fn add_to(&self, ledger: &mut Ledger) {
        for (lane, counts) in Lane::ALL.iter().zip(&self.0) {
            for (reason, count) in DropReason::ALL.iter().zip(counts) {
                ledger.add_dropped_in(*lane, *reason, count.load(Ordering::Relaxed));
            }
        }
    }

    /// `inner` with these drops added.
    #[must_use]
    pub fn added_to(&self, mut inner: Ledger) -> Ledger {
        self.add_to(&mut inner);
        inner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_drop_for_a_reason_is_told_from_the_others() {
        let drops = Drops::new();
        let count = |reason| drops.count_first(Lane::Product, reason);
        assert_eq!([DropReason::Closed, DropReason::Closed, DropReason::Sampled].map(count), [true, false, true]);
        assert_eq!(drops.count(Lane::Ai, DropReason::Closed), Captured::Dropped(DropReason::Closed));
        let ledger = drops.added_to(Ledger::new());
        assert_eq!(ledger.dropped(DropReason::Closed), 3);
        assert_eq!(ledger.lane(Lane::Ai).dropped(DropReason::Closed), 1);
    }
}
