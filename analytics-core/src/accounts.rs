//! The books of a sink that holds events for a while.

use std::sync::{Arc, MutexGuard};

use crate::lane::Lane;
use crate::ledger::{Captured, DropReason, Ledger, Receipt, Settlement};
use crate::process::ProcessMutex;
use crate::record::Record;

/// The books of a sink that holds events for a while. Cloned handles share them.
///
/// Whoever holds an event holds its [`Permit`]; pending is the number of permits that live.
///
/// In a child that was forked while another thread changed the books, nothing is counted any more: there they can never
/// be opened.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Arc<ProcessMutex<Books>>);

#[derive(Debug, Default)]
struct Books {
    ledger: Ledger,
    /// Those of each lane.
    permits: [u64; Lane::ALL.len()],
    /// Counts the closings: a permit of an earlier one has been accounted for.
    closings: u64,
}

impl Accounts {
    /// Empty books.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event in, and its [receipt](Record::receipt) if somebody waits for word of it.
    #[must_use = "an event whose permit is dropped counts as abandoned"]
    pub fn admit(&self, record: &Record<'_>) -> Permit {
        // Asked without the lock: it is the host's code.
        let lane = record.lane();
        let closings = self.books().map_or(0, |mut books| {
            books.permits.get_mut(lane.index()).into_iter().for_each(|permits| *permits += 1);
            books.closings
        });
        Permit { accounts: self.clone(), lane, receipt: record.receipt(), settled: false, closings }
    }

    /// Counts every permit that lives as [`DropReason::Abandoned`], for a shutdown's grace that is over. What its
    /// holder says of it later is ignored, except by whoever waits for word of the event.
    #[allow(clippy::must_use_candidate, reason = "a shutdown that was cancelled has no use for it")]
    pub fn close(&self) -> Ledger {
        let Some(mut books) = self.books() else { return Ledger::new() };
        for (lane, abandoned) in Lane::ALL.iter().zip(std::mem::take(&mut books.permits)) {
            books.ledger.add_dropped_in(*lane, DropReason::Abandoned, abandoned);
        }
        books.closings += 1;
        books.ledger
    }

    /// Counts an event of [`lane`](Record::lane) that was never taken in, and says so to the caller.
    pub fn refuse(&self, lane: Lane, reason: DropReason) -> Captured {
        if let Some(mut books) = self.books() {
            books.ledger.add_dropped_in(lane, reason, 1);
        }
        Captured::Dropped(reason)
    }

    /// The books as they are now.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.books().map_or_else(Ledger::new, |books| {
            let pending = Lane::ALL.iter().zip(books.permits);
            pending.fold(books.ledger, |ledger, (lane, permits)| ledger.with_pending_in(*lane, permits))
        })
    }

    /// Counts properties that were left out of an event that was kept.
    pub fn count_left_out(&self, properties: usize) {
        if let Some(mut books) = self.books() {
            books.ledger.add_properties_dropped(properties as u64);
        }
    }

    fn books(&self) -> Option<MutexGuard<'_, Books>> {
        self.0.lock()
    }
}

/// The right to hold one event, and the duty to say what became of it.
///
/// A permit that is dropped unsettled counts its event as [`DropReason::Abandoned`].
#[derive(Debug)]
pub struct Permit {
    accounts: Accounts,
    lane: Lane,
    receipt: Option<Receipt>,
    settled: bool,
    closings: u64,
}

impl Permit {
    /// The event arrived.
    pub fn delivered(mut self) {
        self.settle(Settlement::Delivered);
    }

    /// The event was dropped.
    pub fn dropped(mut self, reason: DropReason) {
        self.settle(Settlement::Dropped(reason));
    }

    fn settle(&mut self, settlement: Settlement) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        if let Some(mut books) = self.accounts.books()
            && books.closings == self.closings
        {
            books.permits.get_mut(self.lane.index()).into_iter().for_each(|permits| *permits -= 1);
            books.ledger.add_in(self.lane, settlement);
        }
        if let Some(receipt) = self.receipt.take() {
            receipt.settle(settlement);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.settle(Settlement::Dropped(DropReason::Abandoned));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::OwnedRecord;

    #[test]
    fn a_permit_settles_exactly_once() {
        let accounts = Accounts::new();
        let event = OwnedRecord::example();
        let admit = || accounts.admit(&event.as_record());
        let (kept, lost, left) = (admit(), admit(), admit());
        assert_eq!(accounts.ledger().pending(), 3);
        kept.delivered();
        lost.dropped(DropReason::TooLarge);
        drop(left);
        assert_eq!(accounts.refuse(Lane::Product, DropReason::Closed), Captured::Dropped(DropReason::Closed));
        let ledger = accounts.ledger();
        assert_eq!((ledger.captured(), ledger.pending(), ledger.delivered()), (4, 0, 1));
        for reason in [DropReason::TooLarge, DropReason::Abandoned, DropReason::Closed] {
            assert_eq!(ledger.dropped(reason), 1, "{reason}");
        }
    }

    #[test]
    fn after_a_closing_what_was_held_is_abandoned_and_settles_no_more() {
        let (accounts, event) = (Accounts::new(), OwnedRecord::example());
        let (held, late) = (accounts.admit(&event.as_record()), accounts.admit(&event.as_record()));
        let ledger = accounts.close();
        assert_eq!((ledger.pending(), ledger.dropped(DropReason::Abandoned)), (0, 2));
        held.delivered();
        drop(late);
        assert_eq!(accounts.ledger(), ledger);
        accounts.admit(&event.as_record()).delivered();
        assert_eq!((accounts.ledger().delivered(), accounts.ledger().captured()), (1, 3));
    }
}
