//! Bytes in hand, over all connections.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What may be in hand at once.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    left: Arc<Semaphore>,
    bytes: usize,
}

/// A part of the budget, which is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Budget,
    permit: Option<OwnedSemaphorePermit>,
}

/// There is not as much left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent;

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        let bytes = bytes.min(Semaphore::MAX_PERMITS);
        Self { left: Arc::new(Semaphore::new(bytes)), bytes }
    }

    /// Whether nothing is in hand.
    pub(crate) fn is_unused(&self) -> bool {
        self.left.available_permits() == self.bytes
    }

    /// Nothing yet.
    pub(crate) fn reserve(&self) -> Reservation {
        Reservation { budget: self.clone(), permit: None }
    }
}

impl Reservation {
    /// Takes as many bytes more.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Spent> {
        let count = u32::try_from(bytes).map_err(|_| Spent)?;
        let more = Arc::clone(&self.budget.left).try_acquire_many_owned(count).map_err(|_| Spent)?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        Ok(())
    }

    /// Gives everything back.
    pub(crate) fn release(&mut self) {
        self.permit = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_missing_until_it_is_given_back() {
        let budget = Budget::new(10);
        let (mut one, mut other) = (budget.reserve(), budget.reserve());
        assert_eq!([one.take(4), one.take(3), other.take(4)], [Ok(()), Ok(()), Err(Spent)]);
        assert!(!budget.is_unused());
        one.release();
        assert_eq!(other.take(10), Ok(()));
        assert_eq!(one.take(1), Err(Spent));
        drop(other);
        assert!(budget.is_unused());
        assert_eq!(one.take(10), Ok(()));
    }

    #[test]
    fn no_number_is_too_large_to_be_refused_or_granted() {
        assert_eq!(Budget::new(usize::MAX).reserve().take(usize::MAX), Err(Spent));
        assert_eq!(Budget::new(usize::MAX).reserve().take(1 << 31), Ok(()));
        assert_eq!(Budget::new(0).reserve().take(0), Ok(()));
    }
}
