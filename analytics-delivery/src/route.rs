//! Which events may share a batch.

use analytics_core::{Lane, Record};

/// Which events may share a batch. Every route has a queue, a back-off and requests in flight of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Route {
    /// The lane.
    pub lane: Lane,
    /// Whether it carries events of the past, which a server treats apart.
    pub historical: bool,
    /// The backend's number for the form in which the events are written.
    pub wire_format: u8,
}

impl Route {
    /// The route of ordinary events in `lane`.
    #[must_use]
    pub const fn new(lane: Lane) -> Self {
        Self { lane, historical: false, wire_format: 0 }
    }

    /// The route of a record: its lane.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        Self::new(record.lane())
    }

    /// The same route for events of the past.
    #[must_use]
    pub const fn historical(mut self) -> Self {
        self.historical = true;
        self
    }

    /// The same route for events in another form.
    #[must_use]
    pub const fn with_wire_format(mut self, wire_format: u8) -> Self {
        self.wire_format = wire_format;
        self
    }
}
