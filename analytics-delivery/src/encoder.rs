//! Writing a record down.

use std::fmt;

use analytics_core::{DropReason, EventId, Record};

use crate::Route;

/// Writes records down in a backend's form, on the caller's thread.
///
/// It runs the host's code (a `Serialize`, a `Display`), so it is called under no lock, and a panic in it costs
/// one event.
pub trait Encoder: fmt::Debug + Send + Sync + 'static {
    /// Appends the event to `out`, which is empty.
    ///
    /// # Errors
    /// The reason for which the event has to be dropped.
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, DropReason>;

    /// The route that the event takes: events of different routes never share a batch.
    fn route(&self, record: &Record<'_>) -> Route;

    /// The id in an event that this encoder wrote, for whoever is told that it was dropped; `None` if the form has none.
    fn event_id(&self, event: &[u8]) -> Option<EventId>;
}

/// What is to be told about an event that was written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoded {
    /// Properties that were left out: numbers that JSON cannot carry.
    pub properties_dropped: u32,
}

impl Encoded {
    /// An event without `properties_dropped` of its properties.
    #[must_use]
    pub const fn without(properties_dropped: u32) -> Self {
        Self { properties_dropped }
    }
}
