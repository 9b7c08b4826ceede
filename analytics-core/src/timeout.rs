//! Futures without a runtime: a limit in time, and a way to wait.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::log_target::TARGET;
use crate::unwind::{catch_panic, drop_caught, wake_caught};

/// Runs `future` for at most `grace`, on any runtime and on none.
///
/// The future is polled at once; only if it is pending does one helper thread sleep until the deadline, or until the
/// future is done. Where no thread can be started, because a limit is reached, the caller's own task keeps the time: it
/// is polled again and again, and tries each time to start one. Returns `None` when the time is up.
pub async fn timeout<F: Future>(grace: Duration, future: F) -> Option<F::Output> {
    let deadline = Instant::now().checked_add(grace);
    let mut future = pin!(future);
    let mut timer: Option<Timer> = None;
    let mut is_told = false;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        // A grace beyond the clock's range is no limit.
        let Some(deadline) = deadline else { return Poll::Pending };
        if Instant::now() >= deadline {
            return Poll::Ready(None);
        }
        match &timer {
            Some(timer) => timer.wake_also(context.waker()),
            None => match Timer::start(deadline, context.waker()) {
                Ok(started) => timer = Some(started),
                Err(error) => {
                    if !std::mem::replace(&mut is_told, true) {
                        catch_panic(|| {
                            tracing::warn!(target: TARGET, %error, "no thread to keep a grace period, which is polled instead");
                        });
                    }
                    // Whoever has to make progress may want this processor.
                    thread::yield_now();
                    context.waker().wake_by_ref();
                }
            },
        }
        Poll::Pending
    })
    .await
}

/// A thread that wakes a task at a deadline. Dropping the timer ends the thread.
struct Timer(Arc<Alarm>);

struct Alarm {
    state: Mutex<AlarmState>,
    changed: Condvar,
}

struct AlarmState {
    waker: Waker,
    stopped: bool,
}

impl Timer {
    fn start(deadline: Instant, waker: &Waker) -> std::io::Result<Self> {
        let state = AlarmState { waker: waker.clone(), stopped: false };
        let alarm = Arc::new(Alarm { state: Mutex::new(state), changed: Condvar::new() });
        let timer = Self(Arc::clone(&alarm));
        thread::Builder::new().name("analytics-grace".into()).spawn(move || alarm.ring_at(deadline))?;
        Ok(timer)
    }

    /// Wakes `waker` in place of the one before. Wakers are the host's code, which runs without the lock.
    fn wake_also(&self, waker: &Waker) {
        let waker = waker.clone();
        let last = std::mem::replace(&mut self.0.lock().waker, waker);
        drop_caught(last);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.changed.notify_one();
    }
}

impl Alarm {
    fn ring_at(&self, deadline: Instant) {
        let mut state = self.lock();
        while !state.stopped {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let waker = std::mem::replace(&mut state.waker, Waker::noop().clone());
                drop(state);
                wake_caught(waker);
                return;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, AlarmState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `future` to its end on this thread, which sleeps meanwhile. For futures that need no runtime, as those of an
/// [`AnalyticsSink`](crate::AnalyticsSink).
pub fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Runs all `futures` side by side and returns their outputs in order.
pub(crate) async fn join_all<T>(futures: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> Vec<T> {
    let mut slots: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    poll_fn(move |context| {
        for (future, output) in &mut slots {
            if let Some(Poll::Ready(done)) = future.as_mut().map(|future| future.as_mut().poll(context)) {
                (*future, *output) = (None, Some(done));
            }
        }
        if slots.iter().any(|(future, _)| future.is_some()) {
            return Poll::Pending;
        }
        Poll::Ready(slots.iter_mut().filter_map(|(_, output)| output.take()).collect())
    })
    .await
}

/// Runs all `futures` side by side until one of them ends, and returns its place. Without any it never ends.
pub(crate) async fn first_of<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> usize {
    poll_fn(move |context| {
        let ended = futures.iter_mut().position(|future| future.as_mut().poll(context).is_ready());
        ended.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[test]
    fn a_future_that_is_ready_needs_no_thread() {
        assert_eq!(block_on(timeout(Duration::ZERO, ready(3))), Some(3));
    }

    #[test]
    fn a_future_that_never_ends_ends_at_the_grace() {
        let begun = Instant::now();
        let grace = Duration::from_millis(20);
        assert_eq!(block_on(timeout(grace, pending::<()>())), None);
        assert!(begun.elapsed() >= grace);
    }

    #[test]
    fn a_future_that_another_thread_wakes_is_not_held_until_the_grace() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let waiting = timeout(
            Duration::from_secs(3_600),
            poll_fn(move |context| {
                if let Ok(answer) = receiver.try_recv() {
                    return Poll::Ready(answer);
                }
                let (waker, sender) = (context.waker().clone(), sender.clone());
                thread::spawn(move || {
                    sender.send(7).unwrap();
                    waker.wake();
                });
                Poll::Pending
            }),
        );
        assert_eq!(block_on(waiting), Some(7));
    }

    #[test]
    fn futures_run_side_by_side() {
        let barrier = Arc::new(Mutex::new(0));
        let futures = (0..3).map(|index| {
            let barrier = Arc::clone(&barrier);
            let mut counted = false;
            let future = poll_fn(move |context| {
                let mut reached = barrier.lock().unwrap();
                *reached += i32::from(!std::mem::replace(&mut counted, true));
                context.waker().wake_by_ref();
                if *reached == 3 { Poll::Ready(index) } else { Poll::Pending }
            });
            Box::pin(future) as Pin<Box<dyn Future<Output = i32> + Send>>
        });
        assert_eq!(block_on(join_all(futures.collect())), [0, 1, 2]);
    }
}
