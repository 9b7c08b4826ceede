//! Assertions on what a group is like.

use analytics_core::{Actor, OwnedRecord, Value};

use super::check::Check;
use crate::expected::{Condition, RecordField};
use crate::wire::Wire;

/// An assertion on what was told about a group, made by [`Recorded::assert_group`](crate::Recorded::assert_group).
///
/// It is narrowed down and checked as an [`EventAssertion`](crate::EventAssertion) is.
#[derive(Debug)]
pub struct GroupAssertion(Check);

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the assertion is checked when it is dropped; nothing has to be done with it"
)]
impl GroupAssertion {
    pub(crate) fn new(check: Check) -> Self {
        Self(check)
    }

    /// Only if this actor told it: see [`Tracker::group_identify`](analytics_core::Tracker::group_identify).
    #[track_caller]
    pub fn by(mut self, actor: Actor<'_>) -> Self {
        self.0.require(Condition::actor(actor));
        self
    }

    /// Only if it sets this property of the group. A `None`: if it does not set it.
    #[track_caller]
    pub fn with<'v>(mut self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.0.require(Condition::value(RecordField::Property, key, Wire::of(value.into())));
        self
    }

    /// Checks the assertion now, and gives its record, for checks of your own.
    ///
    /// # Panics
    /// If the assertion fails.
    #[track_caller]
    pub fn record(self) -> OwnedRecord {
        super::check::only(&self.0.decide())
    }
}
