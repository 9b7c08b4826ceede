//! What a `fork` does to a library.
//!
//! The child of a `fork` has a copy of the process's memory and one thread, the one that forked. A lock that another
//! thread held at that moment is held in the child for ever, and threads that would do something are not there. Nothing
//! tells a library that it was copied but the process's id, and asking for that is a system call.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// As often as a lock is tried before it is asked whose process this is: about as long as most are held.
const TRIES: usize = 100;

/// Whether this process is another than `process`: a child that was forked from it.
#[must_use]
pub fn is_forked_from(process: u32) -> bool {
    std::process::id() != process
}

/// Takes a lock that threads of `process` share; `None` in a child in which it will never be free.
///
/// `try_lock` is called a few times. Only if the lock stays taken is the process asked for its id: in the process whose
/// threads share it, `lock` then waits for the thread that holds it.
pub fn lock_in_process<G>(process: u32, try_lock: impl Fn() -> Option<G>, lock: impl FnOnce() -> G) -> Option<G> {
    for _ in 0..TRIES {
        if let Some(guard) = try_lock() {
            return Some(guard);
        }
        std::hint::spin_loop();
    }
    if is_forked_from(process) { try_lock() } else { Some(lock()) }
}

/// A value that threads of one process share. Made in the process that is running.
#[derive(Debug)]
pub struct ProcessMutex<T> {
    process: u32,
    value: Mutex<T>,
}

impl<T: Default> Default for ProcessMutex<T> {
    fn default() -> Self {
        Self { process: std::process::id(), value: Mutex::default() }
    }
}

impl<T> ProcessMutex<T> {
    /// The value; `None` in a forked child in which its lock is held for ever.
    pub fn lock(&self) -> Option<MutexGuard<'_, T>> {
        let try_lock = || match self.value.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        lock_in_process(self.process, try_lock, || self.value.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn in_its_own_process_a_lock_is_waited_for() {
        let shared = Arc::new(ProcessMutex::<u32>::default());
        let guard = shared.lock().unwrap();
        let other = Arc::clone(&shared);
        let waiting = std::thread::spawn(move || *other.lock().unwrap());
        let mut guard = guard;
        *guard = 7;
        drop(guard);
        assert_eq!(waiting.join().unwrap(), 7);
    }

    #[test]
    fn in_another_process_a_lock_that_is_held_is_given_up_and_one_that_is_free_is_not() {
        let process = std::process::id() + 1;
        let shared = ProcessMutex { process, value: Mutex::new(7) };
        assert_eq!(shared.lock().as_deref(), Some(&7));
        let _held_for_ever = shared.value.lock().unwrap();
        assert!(shared.lock().is_none());
    }
}
