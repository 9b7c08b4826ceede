//! Who is told the handle's ledger.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::ledger::Ledger;
use crate::process::ProcessMutex;
use crate::unwind::catch_panic;

/// Shortest and longest: a thread that never rests helps nobody, and a clock cannot name a moment that is too far away.
const INTERVALS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(86_400));

/// The functions that are told the handle's ledger.
#[derive(Debug, Default)]
pub(super) struct Watchers(ProcessMutex<Vec<Arc<Watcher>>>);

struct Watcher {
    function: Box<dyn Fn(&Ledger) + Send + Sync>,
    is_over: Mutex<bool>,
    ended: Condvar,
}

impl Watchers {
    /// Adds a function, and starts the thread that tells it what `ledger` returns, for as long as there is one.
    pub(super) fn add(
        &self,
        ledger: Box<dyn Fn() -> Option<Ledger> + Send>,
        interval: Duration,
        function: Box<dyn Fn(&Ledger) + Send + Sync>,
    ) -> io::Result<()> {
        let watcher = Arc::new(Watcher { function, is_over: Mutex::new(false), ended: Condvar::new() });
        let Some(mut watchers) = self.0.lock() else { return Ok(()) };
        watchers.push(Arc::clone(&watcher));
        drop(watchers);
        if let Some(ledger) = ledger() {
            watcher.tell(&ledger);
        }
        let interval = interval.clamp(INTERVALS.0, INTERVALS.1);
        thread::Builder::new().name("analytics-ledger".into()).spawn(move || watcher.run(&*ledger, interval))?;
        Ok(())
    }

    /// Tells all of them the ledger as it is now.
    pub(super) fn tell(&self, ledger: &Ledger) {
        let watchers = self.0.lock().map(|watchers| watchers.clone()).unwrap_or_default();
        for watcher in watchers {
            watcher.tell(ledger);
        }
    }

    /// Tells all of them the last ledger.
    pub(super) fn end(&self, ledger: impl FnOnce() -> Ledger) {
        let watchers = self.0.lock().map(|mut watchers| std::mem::take(&mut *watchers)).unwrap_or_default();
        if watchers.is_empty() {
            return;
        }
        let ledger = ledger();
        for watcher in watchers {
            watcher.tell(&ledger);
            *watcher.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
            watcher.ended.notify_all();
        }
    }
}

impl Watcher {
    fn tell(&self, ledger: &Ledger) {
        catch_panic(|| (self.function)(ledger));
    }

    fn run(&self, ledger: &dyn Fn() -> Option<Ledger>, interval: Duration) {
        while !self.ends_within(interval) {
            let Some(ledger) = ledger() else { return };
            self.tell(&ledger);
        }
    }

    fn ends_within(&self, interval: Duration) -> bool {
        let until = Instant::now() + interval;
        let mut is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_over {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            is_over = self.ended.wait_timeout(is_over, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").finish_non_exhaustive()
    }
}
