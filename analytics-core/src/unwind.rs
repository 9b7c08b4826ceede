//! Running code that is not ours, and surviving it.
//!
//! An event's name and values, a filter, a clock, a waker, an observer: all of it is the host's code, and any of it can
//! panic. It runs in here, so that what is lost is that one event or that one call.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Wake, Waker};

/// Runs code of the host's; `None` if it panicked.
///
/// What it leaves half done is the host's affair: nothing of ours may be borrowed by it that has to stay whole. The
/// panic's message is told by the process's panic hook; its payload is discarded, as by [`discard_panic`].
pub fn catch_panic<T>(code: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(value) => Some(value),
        Err(payload) => {
            discard_panic(payload);
            None
        }
    }
}

/// Drops a panic's payload. One whose own `Drop` panics is forgotten together with what it panics with.
pub fn discard_panic(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// Drops a value of the host's, whose `Drop` can panic. Costs nothing for a type that has none.
#[inline]
pub fn drop_caught<T>(value: T) {
    if std::mem::needs_drop::<T>() {
        catch_panic(|| drop(value));
    }
}

/// A waker that wakes `waker`, and survives it: for a list of wakers in which one that panics may not keep the others
/// asleep, and for a thread that may not end by it.
#[must_use]
pub fn catching_waker(waker: &Waker) -> Waker {
    Waker::from(Arc::new(Catching(Some(waker.clone()))))
}

/// Wakes a waker of the host's, and drops it.
pub fn wake_caught(waker: Waker) {
    catch_panic(|| waker.wake());
}

/// The waker inside, until it is dropped.
struct Catching(Option<Waker>);

impl Wake for Catching {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(waker) = &self.0 {
            catch_panic(|| waker.wake_by_ref());
        }
    }
}

impl Drop for Catching {
    fn drop(&mut self) {
        drop_caught(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A payload that panics when it is dropped, with another such payload, so many times.
    struct Spiteful(usize);

    impl Drop for Spiteful {
        fn drop(&mut self) {
            if self.0 > 0 {
                std::panic::panic_any(Self(self.0 - 1));
            }
        }
    }

    #[test]
    fn code_that_panics_yields_nothing_whatever_it_panics_with() {
        assert_eq!(catch_panic(|| 7), Some(7));
        assert_eq!(catch_panic(|| -> u8 { panic!("as told") }), None);
        assert_eq!(catch_panic(|| -> u8 { std::panic::panic_any(Spiteful(3)) }), None);
        drop_caught(Spiteful(1));
        drop_caught(7);
    }

    /// Counts its wake-ups, and panics in each, and in its drop.
    struct Rude(Arc<AtomicUsize>);

    impl Wake for Rude {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
            panic!("a waker panics, as told");
        }
    }

    impl Drop for Rude {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "a waker's drop panics, as told");
        }
    }

    #[test]
    fn a_waker_that_panics_has_been_called_and_harms_nobody() {
        let woken = Arc::new(AtomicUsize::new(0));
        let rude = Waker::from(Arc::new(Rude(Arc::clone(&woken))));
        let catching = catching_waker(&rude);
        wake_caught(rude);
        catching.wake_by_ref();
        catching.wake();
        assert_eq!(woken.load(Ordering::Relaxed), 3);
    }
}
