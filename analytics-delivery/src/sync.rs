//! The primitives that callers and the worker share. Tests with `--cfg shuttle` choose the order of what they do.

#[cfg(not(all(test, shuttle)))]
pub(crate) use {
    std::sync::atomic::AtomicBool,
    std::sync::{Mutex, MutexGuard},
    tokio::sync::Notify,
};

#[cfg(all(test, shuttle))]
pub(crate) use {
    self::ordered::Notify,
    shuttle::sync::atomic::AtomicBool,
    shuttle::sync::{Mutex, MutexGuard},
};

use std::sync::PoisonError;
pub(crate) use std::sync::atomic::Ordering;

#[cfg(not(all(test, shuttle)))]
pub(crate) use std::thread::ThreadId;

#[cfg(all(test, shuttle))]
pub(crate) use shuttle::thread::ThreadId;

#[cfg(all(test, not(shuttle)))]
pub(crate) use {analytics_core::block_on, std::thread};

#[cfg(all(test, shuttle))]
pub(crate) use {shuttle::future::block_on, shuttle::thread};

/// The thread that asks.
pub(crate) fn current_thread() -> ThreadId {
    #[cfg(not(all(test, shuttle)))]
    return std::thread::current().id();
    #[cfg(all(test, shuttle))]
    return thread::current().id();
}

/// Takes a lock that threads of `process` share; `None` in a child of it in which it will never be free.
#[cfg(not(all(test, shuttle)))]
pub(crate) fn lock_in_process<T>(process: u32, mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    use std::sync::TryLockError;
    let try_lock = || match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    };
    analytics_core::process::lock_in_process(process, try_lock, || lock(mutex))
}

/// Nobody forks there.
#[cfg(all(test, shuttle))]
pub(crate) fn lock_in_process<T>(_process: u32, mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    Some(lock(mutex))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, shuttle))]
mod ordered {
    use shuttle::sync::atomic::{AtomicBool, Ordering};
    use tokio::sync::futures::Notified;

    /// A `Notify` before each use of which others may go first.
    #[derive(Debug)]
    pub(crate) struct Notify {
        inner: tokio::sync::Notify,
        /// Looking at it lets others go first.
        crossing: AtomicBool,
    }

    impl Notify {
        pub(crate) fn new() -> Self {
            Self { inner: tokio::sync::Notify::new(), crossing: AtomicBool::new(false) }
        }

        pub(crate) fn notified(&self) -> Notified<'_> {
            self.crossing.load(Ordering::SeqCst);
            self.inner.notified()
        }

        pub(crate) fn notify_one(&self) {
            self.crossing.load(Ordering::SeqCst);
            self.inner.notify_one();
        }

        pub(crate) fn notify_waiters(&self) {
            self.crossing.load(Ordering::SeqCst);
            self.inner.notify_waiters();
        }
    }
}
