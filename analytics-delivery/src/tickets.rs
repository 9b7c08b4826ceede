//! Which changes of the engine have been told to everybody.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sync::{ThreadId, current_thread};

/// Numbers the changes of which somebody has to be told. One is taken under the engine's lock, and given back once all
/// are told: whoever saw the change waits for it by number, and so not for those that came later. Nobody waits for what
/// is told by the same thread: a subscriber that flushes from inside of a line would wait for itself.
#[derive(Debug, Default)]
pub(crate) struct Tickets(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// Those that are taken and not given back, and who tells.
    open: BTreeMap<u64, ThreadId>,
}

impl Tickets {
    /// Takes the next number.
    pub(crate) fn take(&self) -> u64 {
        let mut state = self.lock();
        let ticket = state.next;
        state.next += 1;
        state.open.insert(ticket, current_thread());
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

    /// Whether every change before `mark` is told, those aside that the caller tells.
    pub(crate) fn are_told_before(&self, mark: u64) -> bool {
        let state = self.lock();
        let mut others = state.open.range(..mark).filter(|(_, teller)| **teller != current_thread());
        others.next().is_none()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use std::thread;

    use super::*;

    /// What another thread sees.
    fn are_told_before(tickets: &Tickets, mark: u64) -> bool {
        thread::scope(|scope| scope.spawn(|| tickets.are_told_before(mark)).join().unwrap())
    }

    #[test]
    fn what_came_before_a_mark_is_waited_for_and_nothing_later() {
        let tickets = Tickets::default();
        assert!(are_told_before(&tickets, tickets.mark()));
        let (first, second) = (tickets.take(), tickets.take());
        let mark = tickets.mark();
        let later = tickets.take();
        tickets.give_back(second);
        assert!(!are_told_before(&tickets, mark) && are_told_before(&tickets, first));
        tickets.give_back(first);
        assert!(are_told_before(&tickets, mark) && !are_told_before(&tickets, tickets.mark()));
        tickets.give_back(later);
        assert!(are_told_before(&tickets, tickets.mark()));
    }

    #[test]
    fn nobody_waits_for_what_the_same_thread_tells() {
        let tickets = Tickets::default();
        let own = tickets.take();
        assert!(tickets.are_told_before(tickets.mark()) && !are_told_before(&tickets, tickets.mark()));
        let other = thread::scope(|scope| scope.spawn(|| tickets.take()).join().unwrap());
        assert!(!tickets.are_told_before(tickets.mark()) && !are_told_before(&tickets, tickets.mark()));
        tickets.give_back(other);
        tickets.give_back(own);
        assert!(are_told_before(&tickets, tickets.mark()));
    }
}
