//! Word back about one event.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::Settlement;
use crate::id::EventId;
use crate::unwind::{drop_caught, wake_caught};

/// The duty to say what became of one event. A sink that keeps a record [takes](crate::Record::receipt) its receipt
/// along; a sink that drops the record has said so with its answer.
///
/// Every clone has to be settled. Of several answers the worst counts, and a receipt that is dropped without one
/// counts as [`Settlement::Unsettled`].
pub struct Receipt(Option<Arc<SharedReceipt>>);

/// The future of [`Analytics::send`](crate::Analytics::send): what became of the event, once every sink has said it.
///
/// It borrows nothing and needs no runtime. Dropping it changes nothing for the event.
#[must_use = "the event is sent; without the answer, `track` is enough"]
pub struct Acknowledged {
    id: EventId,
    shared: Arc<SharedReceipt>,
}

#[derive(Default)]
struct SharedReceipt(Mutex<State>);

#[derive(Default)]
struct State {
    receipts: usize,
    worst: Option<Settlement>,
    waker: Option<Waker>,
}

impl SharedReceipt {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self, settlement: Option<Settlement>) {
        let mut state = self.state();
        state.worst = match (state.worst, settlement) {
            (Some(one), Some(other)) => Some(one.worse(other)),
            (one, other) => one.or(other),
        };
        state.receipts -= 1;
        let waker = if state.receipts == 0 { state.waker.take() } else { None };
        drop(state);
        if let Some(waker) = waker {
            wake_caught(waker);
        }
    }
}

impl Receipt {
    pub(crate) fn new() -> Self {
        let shared = Arc::new(SharedReceipt::default());
        shared.state().receipts = 1;
        Self(Some(shared))
    }

    pub(crate) fn acknowledged(&self, id: EventId) -> Acknowledged {
        Acknowledged { id, shared: self.0.clone().unwrap_or_default() }
    }

    /// Gives the receipt up once every sink that keeps the event has a clone of its own.
    pub(crate) fn release(mut self) {
        if let Some(shared) = self.0.take() {
            shared.release(None);
        }
    }

    /// Says what became of the event.
    pub fn settle(mut self, settlement: Settlement) {
        if let Some(shared) = self.0.take() {
            shared.release(Some(settlement));
        }
    }
}

impl Clone for Receipt {
    fn clone(&self) -> Self {
        if let Some(shared) = &self.0 {
            shared.state().receipts += 1;
        }
        Self(self.0.clone())
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            shared.release(Some(Settlement::Unsettled));
        }
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

impl Acknowledged {
    /// The event's id.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.id
    }
}

impl Future for Acknowledged {
    type Output = Settlement;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Wakers are the host's code, which runs without the lock.
        let waker = context.waker().clone();
        let mut state = self.shared.state();
        if state.receipts == 0 {
            // A sink that kept the record and took no receipt will never say anything.
            return Poll::Ready(state.worst.unwrap_or(Settlement::Unsettled));
        }
        let last = state.waker.replace(waker);
        drop(state);
        drop_caught(last);
        Poll::Pending
    }
}

impl fmt::Debug for Acknowledged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acknowledged").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::DropReason;
    use crate::timeout::block_on;

    fn receipt() -> (Receipt, Acknowledged) {
        let receipt = Receipt::new();
        let acknowledged = receipt.acknowledged(EventId::from_bytes([1; 16]));
        (receipt, acknowledged)
    }

    #[test]
    fn of_several_answers_the_worst_counts_once_all_have_come() {
        let (receipt, mut acknowledged) = receipt();
        let (second, third) = (receipt.clone(), receipt.clone());
        receipt.settle(Settlement::Delivered);
        second.settle(Settlement::Dropped(DropReason::Refused));
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut acknowledged).poll(&mut context).is_pending());
        third.settle(Settlement::Delivered);
        assert_eq!(block_on(acknowledged), Settlement::Dropped(DropReason::Refused));
    }

    #[test]
    fn an_intended_drop_is_no_worse_than_an_arrival() {
        let (first, acknowledged) = receipt();
        let second = first.clone();
        first.settle(Settlement::Delivered);
        second.settle(Settlement::Dropped(DropReason::Sampled));
        assert_eq!(block_on(acknowledged), Settlement::Delivered);
    }

    #[test]
    fn a_receipt_that_is_dropped_without_an_answer_says_so() {
        let (receipt, acknowledged) = receipt();
        let second = receipt.clone();
        receipt.settle(Settlement::Delivered);
        drop(second);
        assert_eq!(block_on(acknowledged), Settlement::Unsettled);
    }

    #[test]
    fn an_event_whose_receipt_nobody_took_is_unsettled() {
        let (receipt, acknowledged) = receipt();
        receipt.release();
        assert_eq!(block_on(acknowledged), Settlement::Unsettled);
    }

    #[test]
    fn whoever_waits_is_woken_from_another_thread() {
        let (receipt, acknowledged) = receipt();
        assert_eq!(acknowledged.id(), EventId::from_bytes([1; 16]));
        let other = std::thread::spawn(move || receipt.settle(Settlement::Delivered));
        assert_eq!(block_on(acknowledged), Settlement::Delivered);
        other.join().unwrap();
    }
}
