//! The engine behind its lock, in the process whose threads share it.

use std::sync::atomic::{AtomicBool, Ordering};

use analytics_core::process::is_forked_from;

use crate::engine::Engine;
use crate::sync::{Mutex, MutexGuard, lock_in_process};

/// The engine behind its lock.
///
/// No foreign code runs and nothing is logged while it is locked, so a lock that was poisoned guards a state that is
/// whole.
#[derive(Debug)]
pub(crate) struct EngineLock {
    engine: Mutex<Engine>,
    /// The process in which the worker is.
    process: u32,
    /// Whether this is known to be another.
    is_forked: AtomicBool,
    /// How often it was locked.
    #[cfg(test)]
    locks: std::sync::atomic::AtomicUsize,
}

impl EngineLock {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            engine: Mutex::new(engine),
            process: std::process::id(),
            is_forked: AtomicBool::new(false),
            #[cfg(test)]
            locks: std::sync::atomic::AtomicUsize::new(0),
        }
    }

    /// The engine; `None` in a child in which another thread held it when the process was forked, and in every child
    /// once it is known to be one.
    pub(crate) fn lock(&self) -> Option<MutexGuard<'_, Engine>> {
        if self.is_known_as_forked() {
            return None;
        }
        #[cfg(test)]
        self.locks.fetch_add(1, Ordering::SeqCst);
        lock_in_process(self.process, &self.engine)
    }

    /// Whether this process is a child of the worker's, as far as is known without asking.
    pub(crate) fn is_known_as_forked(&self) -> bool {
        self.is_forked.load(Ordering::Acquire)
    }

    /// Whether this process is a child of the worker's. Asks the operating system, unless it is known.
    pub(crate) fn is_forked(&self) -> bool {
        self.is_known_as_forked() || is_forked_from(self.process)
    }

    /// Notes that this process is a child of the worker's; tells whether that was not known.
    pub(crate) fn note_fork(&self) -> bool {
        !self.is_forked.swap(true, Ordering::AcqRel)
    }

    /// The child's copy of the engine, unless its lock is held for ever.
    pub(crate) fn copy(&self) -> Option<MutexGuard<'_, Engine>> {
        match self.engine.try_lock() {
            Ok(engine) => Some(engine),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }

    /// How often it was locked.
    #[cfg(test)]
    #[cfg(not(shuttle))]
    pub(crate) fn locks(&self) -> usize {
        self.locks.load(Ordering::SeqCst)
    }

    /// The engine, for tests, which do not fork.
    #[cfg(test)]
    pub(crate) fn in_test(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap()
    }
}
