//! A clock that a test sets.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_core::Clock;

/// A clock that stands still until a test moves it. Clones show the same time.
///
/// ```
/// use std::time::Duration;
///
/// use analytics_core::{Actor, Analytics, CopilotEvent};
/// use analytics_testkit::{ManualClock, RecordingSink};
///
/// let clock = ManualClock::default();
/// let (sink, recorded) = RecordingSink::pair();
/// let analytics = Analytics::with_clock(sink, clock.clone());
/// let began = clock.now();
///
/// clock.advance(Duration::from_secs(60));
/// analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
///
/// let record = recorded.assert_one(CopilotEvent::MESSAGE_SENT).record();
/// assert_eq!(record.at(), began + Duration::from_secs(60));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<SystemTime>>);

/// 2026-01-01, midnight in UTC.
const DEFAULT_START: Duration = Duration::from_secs(1_767_225_600);

impl ManualClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn new(at: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(at)))
    }

    /// The time that the clock shows.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        *self.time()
    }

    /// Sets the time, forwards or back.
    pub fn set(&self, at: SystemTime) {
        *self.time() = at;
    }

    /// Moves the time forwards; beyond what a [`SystemTime`] can hold it stays where it is.
    pub fn advance(&self, by: Duration) {
        let mut time = self.time();
        *time = time.checked_add(by).unwrap_or(*time);
    }

    fn time(&self) -> MutexGuard<'_, SystemTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that shows 2026-01-01, midnight in UTC.
impl Default for ManualClock {
    fn default() -> Self {
        Self::new(UNIX_EPOCH + DEFAULT_START)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        Self::now(self)
    }
}
