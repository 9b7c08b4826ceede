//! What a sink did with a record.

use std::fmt;

use super::DropReason;

/// What a sink did with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a record that found no room is neither kept nor counted"]
pub enum Captured {
    /// It will be delivered, or dropped and counted.
    Kept,
    /// It was dropped and is counted.
    Dropped(DropReason),
    /// There was no room, and the record waits for room: not kept, not counted.
    NoRoom,
}

/// In words: `dropped: queue_full`.
impl fmt::Display for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => f.write_str("kept"),
            Self::NoRoom => f.write_str("no room"),
            Self::Dropped(reason) => write!(f, "dropped: {reason}"),
        }
    }
}
