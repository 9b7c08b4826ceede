//! The drops of a sink that holds no events.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Captured, DropReason, Ledger};

/// Counts drops without a lock: for wrappers and for sinks that hold nothing, whose every count stands alone.
///
/// A wrapper's ledger is the inner sink's with its own drops added.
#[derive(Debug)]
pub struct Drops([AtomicU64; DropReason::ALL.len()]);

impl Default for Drops {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; DropReason::ALL.len()])
    }
}

impl Drops {
    /// No drops yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one event, and says so to the caller.
    #[inline]
    pub fn count(&self, reason: DropReason) -> Captured {
        self.count_first(reason);
        Captured::Dropped(reason)
    }

    /// Counts one event; tells whether it is the first that was dropped for `reason`.
    #[inline]
    pub fn count_first(&self, reason: DropReason) -> bool {
        // Relaxed: each count stands alone, and nothing else is published through it.
        self.0.get(reason.index()).is_some_and(|count| count.fetch_add(1, Ordering::Relaxed) == 0)
    }

    /// Adds the drops to `ledger`.
    pub fn add_to(&self, ledger: &mut Ledger) {
        for (reason, count) in DropReason::ALL.iter().zip(&self.0) {
            ledger.add_dropped(*reason, count.load(Ordering::Relaxed));
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
        let firsts =
            [DropReason::Closed, DropReason::Closed, DropReason::Sampled].map(|reason| drops.count_first(reason));
        assert_eq!(firsts, [true, false, true]);
        assert_eq!(drops.count(DropReason::Closed), Captured::Dropped(DropReason::Closed));
        assert_eq!(drops.added_to(Ledger::new()).dropped(DropReason::Closed), 3);
    }
}
