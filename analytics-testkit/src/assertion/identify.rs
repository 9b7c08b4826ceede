//! Assertions on who a user is.

use analytics_core::{IntoDistinctId, OwnedRecord, Value};

use super::check::Check;
use crate::expected::{Condition, RecordField};
use crate::wire::Wire;

/// An assertion on what was told about a user, made by
/// [`Recorded::assert_identified`](crate::Recorded::assert_identified).
///
/// It is narrowed down and checked as an [`EventAssertion`](crate::EventAssertion) is.
#[derive(Debug)]
pub struct IdentifyAssertion(Check);

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the assertion is checked when it is dropped; nothing has to be done with it"
)]
impl IdentifyAssertion {
    pub(crate) fn new(check: Check) -> Self {
        Self(check)
    }

    /// Only if it says under which id the same person was seen before. For a session's events that is
    /// [`DistinctId::session`](analytics_core::DistinctId::session).
    #[track_caller]
    pub fn from_anonymous<'v>(self, anonymous_id: impl IntoDistinctId<'v>) -> Self {
        self.require(Condition::value(RecordField::Anonymous, "", Wire::of(anonymous_id.into_distinct_id().value())))
    }

    /// Only if it sets this property of the person. A `None`: if it does not set it.
    #[track_caller]
    pub fn set<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::Set, key, Wire::of(value.into())))
    }

    /// Only if it sets this property of the person unless it was set before. A `None`: if it does not.
    #[track_caller]
    pub fn set_once<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::SetOnce, key, Wire::of(value.into())))
    }

    /// Only if it removes this property of the person.
    #[track_caller]
    pub fn unset(self, key: &str) -> Self {
        self.require(Condition::value(RecordField::Unset, key, Wire::text(key)))
    }

    /// Checks the assertion now, and gives its record, for checks of your own.
    ///
    /// # Panics
    /// If the assertion fails.
    #[track_caller]
    pub fn record(self) -> OwnedRecord {
        super::check::only(&self.0.decide())
    }

    #[track_caller]
    fn require(mut self, condition: Condition) -> Self {
        self.0.require(condition);
        self
    }
}
