//! Which changes of the engine have been told to everybody.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Numbers the changes of which somebody has to be told. One is taken under the engine's lock, and given back once all are
/// told: whoever saw the change waits for it by number, and so not for those that came later.
#[derive(Debug, Default)]
pub(crate) struct Tickets(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// Those that are taken and not given back.
    open: BTreeSet<u64>,
}

impl Tickets {
    /// Takes the next number.
    pub(crate) fn take(&self) -> u64 {
        let mut state = self.lock();
        let ticket = state.next;
        state.next += 1;
        state.open.insert(ticket);
        ticket
    }

    /// Everybody is told.
    pub(crate) fn give_back(&self, ticket: u64) {
        self.lock().open.remove(&ticket);
    }

    /// The number that the next change will have: all before it are those so far.
    pub(crate) fn mark(&self) -> u64 {
        self.lock().next
    }

    /// Whether every change before `mark` is told.
    pub(crate) fn are_told_before(&self, mark: u64) -> bool {
        self.lock().open.first().is_none_or(|ticket| *ticket >= mark)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_a_mark_is_waited_for_and_nothing_later() {
        let tickets = Tickets::default();
        assert!(tickets.are_told_before(tickets.mark()));
        let (first, second) = (tickets.take(), tickets.take());
        let mark = tickets.mark();
        let later = tickets.take();
        tickets.give_back(second);
        assert!(!tickets.are_told_before(mark) && tickets.are_told_before(first));
        tickets.give_back(first);
        assert!(tickets.are_told_before(mark) && !tickets.are_told_before(tickets.mark()));
        tickets.give_back(later);
        assert!(tickets.are_told_before(tickets.mark()));
    }
}
