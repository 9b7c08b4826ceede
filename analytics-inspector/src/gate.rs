//! How far the accept loop has followed the faults.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// Says which change of the faults the listener has seen.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Seen {
    change: u64,
    /// Who does the seeing, and cannot wait for it.
    by: Option<ThreadId>,
}

impl Gate {
    pub(super) fn saw(&self, change: u64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Seen { change, by: Some(thread::current().id()) };
        drop(seen);
        self.changed.notify_all();
    }

    /// Blocks until the listener has seen this change; not for ever, and not the server's own thread.
    pub(crate) fn wait_until_seen(&self, change: u64, within: Duration) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_to_wait = |seen: &mut Seen| seen.change < change && seen.by != Some(thread::current().id());
        drop(self.changed.wait_timeout_while(seen, within, is_to_wait));
    }
}
