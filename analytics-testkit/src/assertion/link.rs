//! Assertions on who was seen before under another id.

use analytics_core::OwnedRecord;

use super::check::Check;

/// An assertion on a link between two ids, made by [`Recorded::assert_linked`](crate::Recorded::assert_linked).
#[derive(Debug)]
pub struct LinkAssertion(Check);

impl LinkAssertion {
    pub(crate) fn new(check: Check) -> Self {
        Self(check)
    }

    /// Checks the assertion now, and gives its record, for checks of your own.
    ///
    /// # Panics
    /// If the assertion fails.
    #[track_caller]
    #[must_use = "without it the assertion is checked just the same"]
    pub fn record(self) -> OwnedRecord {
        super::check::only(&self.0.decide())
    }
}
