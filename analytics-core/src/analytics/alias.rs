//! An id that is a user's as well.

use std::fmt;

use super::Analytics;
use crate::actor::{Actor, DistinctId, IntoDistinctId};
use crate::id::EventId;
use crate::record::RecordKind;

/// Tells whose an anonymous id is; made by [`Analytics::alias`].
#[must_use = "nothing is tracked before `.to_user(user_id)`"]
pub struct AliasBuilder<'a> {
    analytics: &'a Analytics,
    anonymous: DistinctId<'a>,
}

impl<'a> AliasBuilder<'a> {
    pub(super) fn new(analytics: &'a Analytics, anonymous: DistinctId<'a>) -> Self {
        Self { analytics, anonymous }
    }

    /// Tracks that it is the user `user_id`, and returns the event's id.
    #[allow(clippy::must_use_candidate, reason = "few callers need the id")]
    pub fn to_user(self, user_id: impl IntoDistinctId<'a>) -> EventId {
        let record_kind = RecordKind::Alias { anonymous: &self.anonymous };
        self.analytics.capture(&Actor::user(user_id), record_kind, None).id_caught()
    }
}

impl fmt::Debug for AliasBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AliasBuilder").field("anonymous", &self.anonymous).finish_non_exhaustive()
    }
}
