//! The life of a sink.

use std::time::Duration;

/// The life of a sink, which only goes forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Events come in and go out.
    Running,
    /// No event comes in; what is there is delivered until `deadline`.
    Draining {
        /// In time since the engine's start.
        deadline: Duration,
    },
    /// Nothing is pending and nothing comes in.
    Closed,
}
