//! An event that was dropped.

use std::sync::Arc;

use analytics_core::{DropReason, EventId};

/// An event that was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedEvent {
    pub(crate) destination: Arc<str>,
    pub(crate) reason: DropReason,
    pub(crate) id: Option<EventId>,
    pub(crate) bytes: Option<Box<[u8]>>,
}

impl DroppedEvent {
    /// Where it would have been sent: a host, never a key.
    #[must_use]
    pub fn destination(&self) -> &str {
        &self.destination
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> DropReason {
        self.reason
    }

    /// Which: `None` if the backend's form has no id.
    #[must_use]
    pub fn id(&self) -> Option<EventId> {
        self.id
    }

    /// The event as the backend would have sent it, to be kept elsewhere; `None` if it was dropped before it was
    /// written down. It can hold personal data.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }
}
