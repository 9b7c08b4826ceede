//! The faults that wait for their request, shared between the handle and the server's thread.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

use super::condition::Facts;
use super::fault::Fault;
use super::report::FaultReport;
use super::state::{Claimed, State};

pub(crate) use super::state::Refusal;

#[derive(Debug)]
pub(crate) struct ArmedFaults {
    state: Mutex<State>,
    /// Counts the changes that may concern the listener.
    changes: watch::Sender<u64>,
    /// Counts what was armed and disarmed, for those who show it.
    edits: watch::Sender<u64>,
}

impl ArmedFaults {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::default(), changes: watch::Sender::new(0), edits: watch::Sender::new(0) }
    }

    /// Arms a fault. Returns the number of the change if it concerns the listener.
    pub(crate) fn arm(&self, fault: Fault) -> Option<u64> {
        let mut state = self.lock();
        state.arm(fault, Instant::now());
        self.edits.send_modify(|count| *count += 1);
        state.has_refusal().then(|| self.change())
    }

    /// How many faults are armed and not over.
    pub(crate) fn armed(&self) -> usize {
        self.lock().armed(Instant::now())
    }

    /// Disarms all faults. Returns the number of the change if it concerns the listener.
    pub(crate) fn clear(&self) -> Option<u64> {
        let mut state = self.lock();
        let had_refusal = state.has_refusal();
        state.clear();
        self.edits.send_modify(|count| *count += 1);
        had_refusal.then(|| self.change())
    }

    /// Disarms one fault. Whether there was one.
    pub(crate) fn disarm(&self, id: u64) -> bool {
        let mut state = self.lock();
        let had_refusal = state.has_refusal();
        let was_there = state.disarm(id, Instant::now());
        if had_refusal {
            self.change();
        }
        self.edits.send_modify(|count| *count += u64::from(was_there));
        was_there
    }

    /// Counts what is armed and disarmed.
    pub(crate) fn edits(&self) -> watch::Receiver<u64> {
        self.edits.subscribe()
    }

    /// What came of each fault since the last time all were cleared.
    pub(crate) fn reports(&self) -> Vec<FaultReport> {
        self.lock().reports(Instant::now())
    }

    /// Numbers a request.
    pub(crate) fn next_request(&self) -> u64 {
        self.lock().next_request()
    }

    /// What happens to this request before its body is read.
    pub(crate) fn claim_early(&self, request: u64) -> Option<Fault> {
        let mut state = self.lock();
        let claimed = state.claim_early(request, Instant::now());
        self.follow(&state);
        claimed
    }

    /// What happens to this request, now that it was read.
    pub(crate) fn claim(&self, request: u64, facts: &Facts<'_>) -> Claimed {
        let mut state = self.lock();
        let claimed = state.claim(request, facts, Instant::now());
        self.follow(&state);
        claimed
    }

    /// Whether nobody is to be listening now.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.lock().refusal(Instant::now())
    }

    /// Sees the changes that may concern the listener.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Has the listener look whether the turn of a refusal has come.
    fn follow(&self, state: &State) {
        if state.has_refusal() {
            self.change();
        }
    }

    fn change(&self) -> u64 {
        self.changes.send_modify(|count| *count += 1);
        *self.changes.borrow()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
