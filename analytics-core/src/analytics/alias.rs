//! An id that is a user's as well.

use std::fmt;
use std::time::SystemTime;

use super::Analytics;
use crate::actor::{Actor, DistinctId, IntoDistinctId};
use crate::id::EventId;
use crate::ledger::Acknowledged;
use crate::record::{Details, RecordKind};

/// An anonymous id of which it is to be told whose it is; made by [`Analytics::alias`].
#[must_use = "nothing is tracked before `.to_user(user_id).track()`"]
pub struct AnonymousAlias<'a> {
    analytics: &'a Analytics,
    anonymous: DistinctId<'a>,
}

/// Tells whose an anonymous id is; made by [`AnonymousAlias::to_user`].
#[must_use = "nothing is tracked before `.track()`"]
pub struct AliasBuilder<'a> {
    analytics: &'a Analytics,
    anonymous: DistinctId<'a>,
    user: DistinctId<'a>,
    details: Details<'a>,
}

impl<'a> AnonymousAlias<'a> {
    pub(super) fn new(analytics: &'a Analytics, anonymous: DistinctId<'a>) -> Self {
        Self { analytics, anonymous }
    }

    /// Says that it is the user `user_id`.
    pub fn to_user(self, user_id: impl IntoDistinctId<'a>) -> AliasBuilder<'a> {
        let Self { analytics, anonymous } = self;
        AliasBuilder { analytics, anonymous, user: user_id.into_distinct_id(), details: Details::default() }
    }
}

impl AliasBuilder<'_> {
    /// Sets the time at which it became known; default now.
    pub fn at(mut self, at: SystemTime) -> Self {
        self.details.at = Some(at);
        self
    }

    /// Sets the record's id, so that a server can tell a repeat; default a new one.
    pub fn id(mut self, id: impl Into<EventId>) -> Self {
        self.details.id = Some(id.into());
        self
    }

    /// Tracks it and returns its id.
    #[allow(clippy::must_use_candidate, reason = "few callers need the id")]
    pub fn track(self) -> EventId {
        let record_kind = RecordKind::Alias { anonymous: &self.anonymous };
        self.analytics.capture(&Actor::user(self.user), record_kind, Some(&self.details)).id_caught()
    }

    /// Tracks it and returns the future of its answer, as [`Analytics::send`].
    pub fn send(self) -> Acknowledged {
        let record_kind = RecordKind::Alias { anonymous: &self.anonymous };
        self.analytics.capture_acknowledged(&Actor::user(self.user), record_kind, self.details)
    }
}

impl fmt::Debug for AnonymousAlias<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnonymousAlias").field("anonymous", &self.anonymous).finish_non_exhaustive()
    }
}

impl fmt::Debug for AliasBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { anonymous, user, .. } = self;
        f.debug_struct("AliasBuilder").field("anonymous", anonymous).field("user", user).finish_non_exhaustive()
    }
}
