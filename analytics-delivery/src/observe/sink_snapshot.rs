//! How a sink stands at one moment.

use std::sync::Arc;

use analytics_core::Ledger;

/// How a sink stands at one moment: after an attempt, at the end of a flush interval, or when it closed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SinkSnapshot {
    /// Where the sink sends: a host, never a key.
    pub destination: Arc<str>,
    /// What became of every event.
    pub ledger: Ledger,
    /// Bytes of the events that are queued or in flight.
    pub pending_bytes: usize,
    /// Notices that the observers were not told because too many waited.
    pub missed_notices: u64,
}
