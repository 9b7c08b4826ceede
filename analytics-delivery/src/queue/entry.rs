//! An event's entry in the index.

use std::time::Duration;

/// When an event was queued, in units of 64 ms since the engine's start: 32 bits last for eight years.
pub(crate) type AgeUnits = u32;

/// What an entry weighs.
pub(crate) const ENTRY_BYTES: usize = size_of::<Entry>();

/// An event's entry in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) chunk: u32,
    pub(crate) offset: u32,
    pub(crate) len: u32,
    pub(crate) queued_at: AgeUnits,
    /// Where the event's receipt is; 0 if nobody waits for word of it.
    pub(crate) receipt: u32,
    /// Attempts at it so far.
    pub(crate) attempts: u16,
    /// Panics of the worker while it was leased.
    pub(crate) panics: u8,
    pub(crate) state: State,
}

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may go into any batch.
    Waiting,
    /// It waits to be sent again with the batch that it was sent in.
    Retained,
    Leased,
    Settled,
}

impl Entry {
    /// Whether it is neither settled nor leased.
    pub(super) fn waits(&self) -> bool {
        matches!(self.state, State::Waiting | State::Retained)
    }

    pub(crate) const fn waiting(chunk: u32, offset: u32, len: u32, queued_at: AgeUnits) -> Self {
        Self { chunk, offset, len, queued_at, receipt: 0, attempts: 0, panics: 0, state: State::Waiting }
    }
}

/// The moment `now` in an entry's units.
pub(crate) fn age_units(now: Duration) -> AgeUnits {
    u32::try_from(now.as_millis() >> 6).unwrap_or(u32::MAX)
}

/// How old an event is at `now`.
pub(crate) fn age(queued_at: AgeUnits, now: Duration) -> Duration {
    now.saturating_sub(Duration::from_millis(u64::from(queued_at) << 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_small() {
        assert_eq!(ENTRY_BYTES, 24);
    }

    #[test]
    fn an_age_is_known_to_within_its_unit() {
        let queued = Duration::from_millis(123_456);
        let age = age(age_units(queued), queued + Duration::from_secs(10));
        assert!((10_000..10_064).contains(&age.as_millis()), "{age:?}");
    }
}
