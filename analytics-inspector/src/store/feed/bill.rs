//! What a project would be billed by.

use std::ops::AddAssign;
use std::sync::Arc;

use serde::Serialize;

use crate::received::ReceivedEvent;

/// Sums over accepted events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Bill {
    /// Events that are processed with a person profile, which cost more.
    pub(crate) with_profile: u64,
    /// Bytes of the events' JSON, not compressed.
    pub(crate) json_bytes: u64,
}

impl Bill {
    pub(crate) fn of(events: &[Arc<ReceivedEvent>]) -> Self {
        Self {
            with_profile: events.iter().filter(|event| !event.is_personless()).count() as u64,
            json_bytes: events.iter().map(|event| event.json().len() as u64).sum(),
        }
    }
}

impl AddAssign for Bill {
    fn add_assign(&mut self, other: Self) {
        self.with_profile += other.with_profile;
        self.json_bytes += other.json_bytes;
    }
}
