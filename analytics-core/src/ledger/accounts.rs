//! The books of a sink that holds events for a while.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{DropReason, Ledger};
use crate::sink::Captured;
use crate::{Receipt, Record, Settlement};

/// The books of a sink that holds events for a while. Cloned handles share them.
///
/// Whoever holds an event holds its [`Permit`]; pending is the number of permits that live.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Arc<Mutex<Books>>);

#[derive(Debug, Default)]
struct Books {
    ledger: Ledger,
    permits: u64,
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
        self.books().permits += 1;
        Permit { accounts: self.clone(), receipt: record.receipt(), settled: false }
    }

    /// Counts an event that was never taken in, and says so to the caller.
    pub fn refuse(&self, reason: DropReason) -> Captured {
        self.books().ledger.add_dropped(reason, 1);
        Captured::Dropped(reason)
    }

    /// The books as they are now.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        let books = self.books();
        books.ledger.with_pending(books.permits)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to hold one event, and the duty to say what became of it.
///
/// A permit that is dropped unsettled counts its event as [`DropReason::Abandoned`].
#[derive(Debug)]
pub struct Permit {
    accounts: Accounts,
    receipt: Option<Receipt>,
    settled: bool,
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
        let mut books = self.accounts.books();
        books.permits -= 1;
        books.ledger.add(settlement);
        drop(books);
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
    use crate::OwnedRecord;

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
        assert_eq!(accounts.refuse(DropReason::Closed), Captured::Dropped(DropReason::Closed));
        let ledger = accounts.ledger();
        assert_eq!((ledger.captured(), ledger.pending(), ledger.delivered()), (4, 0, 1));
        for reason in [DropReason::TooLarge, DropReason::Abandoned, DropReason::Closed] {
            assert_eq!(ledger.dropped(reason), 1, "{reason}");
        }
    }
}
