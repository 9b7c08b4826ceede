//! The sink that keeps every record.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use analytics_core::{AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Record, async_trait};

use crate::recorded::Recorded;
use crate::recording::Recording;

/// A sink that keeps every record for a test to read, through the [`Recorded`] made together with it.
///
/// Every record is delivered at once, in the order of capture, and the ledger is exact. A property that panics while it
/// is copied costs its event, which is counted [`DropReason::Panicked`]. After a shutdown records are dropped as
/// [`DropReason::Closed`].
///
/// It takes no more than production does: what the PostHog backend refuses, with its default settings and by either
/// protocol, is dropped here as well, for the same reason, and what it leaves out is not in the record. A failed
/// assertion tells of both. [`lenient_pair`](Self::lenient_pair) takes everything.
///
/// ```
/// use analytics_core::{Actor, Analytics, DropReason, DynamicEvent};
/// use analytics_testkit::RecordingSink;
///
/// let (sink, recorded) = RecordingSink::pair();
/// let analytics = Analytics::new(sink);
/// // PostHog takes this id for nobody's.
/// analytics.track(Actor::user("guest"), DynamicEvent::new("viewed"));
/// // The actor says who did it, so PostHog's field of that name is the actor's.
/// analytics.track(Actor::user("u1"), DynamicEvent::new("viewed").with("distinct_id", "u2").with("page", "home"));
/// assert_eq!(recorded.ledger().dropped(DropReason::InvalidActor), 1);
/// recorded.assert_one("viewed").with("page", "home").without("distinct_id");
/// ```
pub struct RecordingSink(Arc<Recording>);

impl RecordingSink {
    /// A new sink, and what it records.
    #[must_use]
    pub fn pair() -> (Self, Recorded) {
        Self::of(Recording::default())
    }

    /// The same, for events that are not for a backend of ours: it refuses nothing but what panics, and leaves nothing
    /// out.
    #[must_use]
    pub fn lenient_pair() -> (Self, Recorded) {
        Self::of(Recording::lenient())
    }

    pub(crate) fn of(recording: Recording) -> (Self, Recorded) {
        let recording = Arc::new(recording);
        (Self(Arc::clone(&recording)), Recorded::new(recording))
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl AnalyticsSink for RecordingSink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if self.0.is_closed() {
            return self.0.refuse(record.lane(), DropReason::Closed);
        }
        self.0.copy(record)
    }

    /// There always is room.
    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        self.0.ledger()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        self.0.close();
        self.0.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.0.ledger()
    }

    /// Nothing waits: what is recorded is delivered.
    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        if self.0.is_closed() { Health::Closed } else { Health::Ok }
    }
}

/// Once its sink is gone nothing more is recorded, and nobody needs to wait for it.
impl Drop for RecordingSink {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl fmt::Debug for RecordingSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordingSink").field(&self.0.ledger()).finish()
    }
}
