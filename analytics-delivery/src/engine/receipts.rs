//! The receipts of events that somebody waits for.

use analytics_core::Receipt;

/// Receipts by the number that an entry of the index keeps; 0 is none.
///
/// Answering one wakes whoever waits, which is foreign code: they are taken out here and answered outside the lock.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    slots: Vec<Option<Receipt>>,
    free: Vec<u32>,
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

    /// Takes the receipt `number` out, to be answered.
    pub(super) fn take(&mut self, number: u32) -> Option<Receipt> {
        let receipt = self.slot(number).and_then(Option::take)?;
        self.free.push(number);
        Some(receipt)
    }

    /// Takes all receipts out, to be answered.
    pub(super) fn take_all(&mut self) -> Vec<Option<Receipt>> {
        self.free.clear();
        std::mem::take(&mut self.slots)
    }

    /// Forgets all receipts without an answer, which would wake those who wait.
    pub(super) fn forget_all(&mut self) {
        std::mem::forget(std::mem::take(self));
    }

    fn slot(&mut self, number: u32) -> Option<&mut Option<Receipt>> {
        self.slots.get_mut(usize::try_from(number.checked_sub(1)?).ok()?)
    }
}
