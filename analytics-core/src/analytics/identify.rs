//! Who a user is.

use std::fmt;
use std::time::SystemTime;

use super::Analytics;
use crate::actor::{Actor, DistinctId, IntoDistinctId};
use crate::id::EventId;
use crate::ledger::Acknowledged;
use crate::property::{Properties, Value};
use crate::record::{Details, PersonUpdate, RecordKind};

/// Tells who a user is; made by [`Analytics::identify`].
#[must_use = "nothing is tracked before `.track()`"]
pub struct IdentifyBuilder<'a> {
    analytics: &'a Analytics,
    user: DistinctId<'a>,
    anonymous: Option<DistinctId<'a>>,
    traits: Option<&'a dyn Properties>,
    traits_once: Option<&'a dyn Properties>,
    details: Details<'a>,
}

impl<'a> IdentifyBuilder<'a> {
    pub(super) fn new(analytics: &'a Analytics, user: DistinctId<'a>) -> Self {
        Self { analytics, user, anonymous: None, traits: None, traits_once: None, details: Details::default() }
    }

    /// Says under which id the same person was seen before. For a session's events that is
    /// [`DistinctId::session`].
    pub fn from_anonymous(mut self, anonymous_id: impl IntoDistinctId<'a>) -> Self {
        self.anonymous = Some(anonymous_id.into_distinct_id());
        self
    }

    /// Sets the person's properties.
    pub fn set(mut self, traits: &'a dyn Properties) -> Self {
        self.traits = Some(traits);
        self
    }

    /// Sets those of the person's properties that were never set.
    pub fn set_once(mut self, traits: &'a dyn Properties) -> Self {
        self.traits_once = Some(traits);
        self
    }

    /// Removes properties of the person.
    pub fn unset(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        for key in keys {
            self.details.put_person(PersonUpdate::Unset, key, Value::Null);
        }
        self
    }

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
        self.analytics.capture(&Actor::user(self.user), self.record_kind(), Some(&self.details)).id_caught()
    }

    /// Tracks it and returns the future of its answer, as [`Analytics::send`].
    pub fn send(mut self) -> Acknowledged {
        let details = std::mem::take(&mut self.details);
        self.analytics.capture_acknowledged(&Actor::user(self.user), self.record_kind(), details)
    }

    fn record_kind(&self) -> RecordKind<'_> {
        RecordKind::Identify {
            anonymous: self.anonymous.as_ref(),
            traits: &self.traits,
            traits_once: &self.traits_once,
        }
    }
}

impl fmt::Debug for IdentifyBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentifyBuilder").field("user", &self.user).finish_non_exhaustive()
    }
}
