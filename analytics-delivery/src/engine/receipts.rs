//! The receipts of events that somebody waits for.

use analytics_core::{Receipt, Settlement};

/// Receipts by the number that an entry of the index keeps; 0 is none.
///
/// Answering one wakes whoever waits, which is foreign code: answers are gathered here and given outside the lock.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    slots: Vec<Option<Receipt>>,
    free: Vec<u32>,
    answered: Vec<(Receipt, Settlement)>,
}

impl Receipts {
    /// Keeps a receipt and returns its number.
    pub(super) fn keep(&mut self, receipt: Receipt) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
        });
        if let Some(slot) = self.slot(number) {
            *slot = Some(receipt);
        }
        number
    }

    /// Gathers the answer for the receipt `number`.
    pub(super) fn answer(&mut self, number: u32, settlement: Settlement) {
        if let Some(receipt) = self.slot(number).and_then(Option::take) {
            self.free.push(number);
            self.answered.push((receipt, settlement));
        }
    }

    /// Gathers one answer for all receipts.
    pub(super) fn answer_all(&mut self, settlement: Settlement) {
        let kept = self.slots.drain(..).flatten();
        self.answered.extend(kept.map(|receipt| (receipt, settlement)));
        self.free.clear();
    }

    /// Forgets all receipts without an answer, which would wake those who wait.
    pub(super) fn forget_all(&mut self) {
        std::mem::forget(std::mem::take(self));
    }

    /// The answers gathered, to be given.
    pub(super) fn take_answered(&mut self) -> Vec<(Receipt, Settlement)> {
        std::mem::take(&mut self.answered)
    }

    fn slot(&mut self, number: u32) -> Option<&mut Option<Receipt>> {
        self.slots.get_mut(usize::try_from(number.checked_sub(1)?).ok()?)
    }
}
