//! [`NoopSink`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use analytics_core::{AnalyticsSink, Captured, DropReason, Drops, Health, Lane, Ledger, Record};
use async_trait::async_trait;

/// Drops every record and counts it as [`DropReason::Disabled`], which is no loss; after a shutdown as
/// [`DropReason::Closed`].
///
/// It reads nothing of a record but its lane: no clock is asked, no id is made, no property is visited. It has no
/// thread and no socket.
#[derive(Debug, Default)]
pub struct NoopSink {
    drops: Drops,
    closed: AtomicBool,
}

impl NoopSink {
    /// A sink that has counted nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl AnalyticsSink for NoopSink {
    #[inline]
    fn capture(&self, record: &Record<'_>) -> Captured {
        let closed = self.closed.load(Ordering::Acquire);
        self.drops.count(record.lane(), if closed { DropReason::Closed } else { DropReason::Disabled })
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        self.ledger()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        self.closed.store(true, Ordering::Release);
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.drops.added_to(Ledger::new())
    }

    /// Nothing waits.
    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    /// Nothing can fail: it is `Disabled` until it is closed.
    fn health(&self) -> Health {
        if self.closed.load(Ordering::Acquire) { Health::Closed } else { Health::Disabled }
    }
}
