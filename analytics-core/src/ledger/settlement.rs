//! What became of one event.

use std::fmt;

use super::DropReason;

/// What became of an event that was [sent](crate::Analytics::send).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Settlement {
    /// It arrived.
    Delivered,
    /// A sink took it and never said what became of it.
    Unsettled,
    /// It was dropped.
    Dropped(DropReason),
}

/// In words: `dropped: queue_full`.
impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => f.write_str("delivered"),
            Self::Unsettled => f.write_str("unsettled"),
            Self::Dropped(reason) => write!(f, "dropped: {reason}"),
        }
    }
}

impl Settlement {
    /// Of two answers the worse. That somebody meant to drop the event says less than that it arrived elsewhere.
    pub(super) fn worse(self, other: Self) -> Self {
        let rank = |settlement| match settlement {
            Self::Dropped(reason) if reason.is_intended() => 0,
            Self::Delivered => 1,
            Self::Unsettled => 2,
            Self::Dropped(_) => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}
