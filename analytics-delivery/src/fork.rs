//! A sink in a child that was forked from its process.
//!
//! The worker is not there, and nobody delivers. What the child tracks is dropped as closed, from the moment at which
//! the fork is found out: when the worker would be woken, at a flush or a shutdown, when somebody waits for an answer,
//! or when the engine's lock is not to be had.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use analytics_core::unwind::catch_panic;
use analytics_core::{DropReason, Drops, Lane, Ledger};

use crate::engine_lock::EngineLock;
use crate::log_target::TARGET;

/// As long as a line in the log may take. A subscriber's own lock can be one that is held for ever.
const PATIENCE: Duration = Duration::from_millis(100);

/// Events that a child dropped since the fork was found out.
#[derive(Debug, Default)]
pub(crate) struct ForkedDrops(Drops);

impl ForkedDrops {
    /// Counts an event that is dropped as closed.
    pub(crate) fn count(&self, lane: Lane) {
        let _counted = self.0.count(lane, DropReason::Closed);
    }

    /// What the child knows of its events, with the parent's up to the fork.
    pub(crate) fn ledger(&self, lock: &EngineLock) -> Ledger {
        self.0.added_to(lock.copy().map_or_else(Ledger::new, |engine| engine.ledger()))
    }
}

/// Closes the child's copy of the sink, and says so once.
pub(crate) fn close_copy(lock: &EngineLock, destination: &Arc<str>) {
    if !lock.note_fork() {
        return;
    }
    if let Some(mut engine) = lock.copy() {
        engine.close_copy();
    }
    log(Arc::clone(destination));
}

/// Logs on a thread of its own, which is waited for, though not for ever.
fn log(destination: Arc<str>) {
    let (sender, logged) = mpsc::channel();
    let logging = std::thread::Builder::new().name("analytics-fork".into()).spawn(move || {
        catch_panic(|| {
            tracing::error!(
                target: TARGET, %destination,
                "this process was forked from the one that made the sink, whose worker is not in here; its events \
                 are dropped as closed: make a sink in each process, after the fork"
            );
        });
        // Whoever waited may have gone on.
        sender.send(()).unwrap_or_default();
    });
    if logging.is_ok() {
        logged.recv_timeout(PATIENCE).unwrap_or_default();
    }
}
