//! Assertions on whose an anonymous id is.

use analytics_core::{Actor, IntoDistinctId, OwnedRecord};

use super::check::Check;
use crate::expected::Condition;

/// An assertion on an alias, made by [`Recorded::assert_alias`](crate::Recorded::assert_alias).
///
/// It is narrowed down and checked as an [`EventAssertion`](crate::EventAssertion) is.
#[derive(Debug)]
pub struct AliasAssertion(Check);

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the assertion is checked when it is dropped; nothing has to be done with it"
)]
impl AliasAssertion {
    pub(crate) fn new(check: Check) -> Self {
        Self(check)
    }

    /// Only if the user `user_id` is who it is.
    #[track_caller]
    pub fn to_user<'v>(mut self, user_id: impl IntoDistinctId<'v>) -> Self {
        self.0.require(Condition::actor(Actor::user(user_id)));
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
