//! What a sink recorded, and what can be asked about it.

mod asserts;
mod journey;
mod sequence;
mod wait;

use std::fmt;
use std::sync::Arc;

use analytics_core::{Ledger, OwnedRecord};

use crate::expected::Expected;
use crate::recording::Recording;
use crate::selection::matching;

/// What a [`RecordingSink`](crate::RecordingSink) recorded. Cheap to clone; clones read the same recording.
///
/// Reading takes nothing away. A `Recorded` outlives its sink.
#[derive(Clone)]
pub struct Recorded(Arc<Recording>);

impl Recorded {
    pub(crate) fn new(recording: Arc<Recording>) -> Self {
        Self(recording)
    }

    /// Everything that was recorded so far, in the order of capture.
    #[must_use]
    pub fn records(&self) -> Vec<OwnedRecord> {
        self.0.snapshot().records.iter().map(|record| (**record).clone()).collect()
    }

    /// The number of records of any kind.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.snapshot().records.len()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of events of a kind, of a name, or the same as a whole event.
    #[must_use]
    pub fn count<M>(&self, expected: impl Expected<M>) -> usize {
        matching(&self.0.snapshot().records, &expected.expectation()).count()
    }

    /// The events of a kind, of a name, or the same as a whole event, in the order of capture.
    #[must_use]
    pub fn matching<M>(&self, expected: impl Expected<M>) -> Vec<OwnedRecord> {
        let snapshot = self.0.snapshot();
        matching(&snapshot.records, &expected.expectation()).map(|(_, record)| (**record).clone()).collect()
    }

    /// The sink's ledger.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.0.ledger()
    }
}

/// The recorded lines.
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0.snapshot().records).finish()
    }
}
