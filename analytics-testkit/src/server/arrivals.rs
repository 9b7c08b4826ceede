//! Who is told of arrivals.

use std::sync::{Mutex, PoisonError};
use std::task::Waker;

/// Who is told when an event has arrived.
#[derive(Debug, Default)]
pub(super) struct Arrivals(Mutex<Vec<Waker>>);

impl Arrivals {
    /// Has `waker` told once, of the next arrival.
    pub(super) fn register(&self, waker: &Waker) {
        let mut wakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !wakers.iter().any(|registered| registered.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    /// Tells all who wait; without the lock, since a waker is the host's code.
    pub(super) fn tell(&self) {
        let wakers = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        wakers.into_iter().for_each(Waker::wake);
    }
}
