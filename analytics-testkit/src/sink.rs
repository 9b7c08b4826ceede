//! The sink that keeps every record.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use analytics_core::{AnalyticsSink, Captured, DropReason, Health, Ledger, Record, async_trait};

use crate::recorded::Recorded;
use crate::recording::Recording;

/// A sink that keeps every record for a test to read, through the [`Recorded`] made together with it.
///
/// Every record is delivered at once, in the order of capture, and the ledger is exact. A property that panics
/// while it is copied costs its event, which is counted [`DropReason::Panicked`]; a failed assertion tells of it.
/// After a shutdown records are dropped as [`DropReason::Closed`].
pub struct RecordingSink(Arc<Recording>);

impl RecordingSink {
    /// A new sink, and what it records.
    #[must_use]
    pub fn pair() -> (Self, Recorded) {
        Self::of(Recording::default())
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
            return self.0.refuse(DropReason::Closed);
        }
        self.0.copy(record)
    }

    /// There always is room.
    async fn room(&self) {}

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
