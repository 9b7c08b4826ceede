//! The primitives that callers and the worker share. Tests with `--cfg shuttle` choose the order of what they do.

#[cfg(not(all(test, shuttle)))]
pub(crate) use {
    std::sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    std::sync::{Mutex, MutexGuard},
    tokio::sync::Notify,
};

#[cfg(all(test, shuttle))]
pub(crate) use {
    self::ordered::Notify,
    shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    shuttle::sync::{Mutex, MutexGuard},
};

#[cfg(all(test, not(shuttle)))]
pub(crate) use {analytics_core::block_on, std::thread};

#[cfg(all(test, shuttle))]
pub(crate) use {shuttle::future::block_on, shuttle::thread};

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
