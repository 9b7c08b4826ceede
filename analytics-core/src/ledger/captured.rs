//! What a sink did with a record.

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
