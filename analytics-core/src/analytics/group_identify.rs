//! What a group is.

use std::fmt;
use std::time::SystemTime;

use super::Analytics;
use crate::actor::{Actor, DistinctId};
use crate::id::EventId;
use crate::ledger::Acknowledged;
use crate::property::Properties;
use crate::record::{Details, RecordKind};

/// Tells what a group is; made by [`Analytics::group_identify`] and
/// [`Tracker::group_identify`](super::Tracker::group_identify).
#[must_use = "nothing is tracked before `.track()`"]
pub struct GroupIdentifyBuilder<'a> {
    analytics: &'a Analytics,
    /// `None` where nobody is named.
    actor: Option<Actor<'a>>,
    kind: &'a str,
    group: DistinctId<'a>,
    traits: &'a dyn Properties,
    details: Details<'a>,
}

impl<'a> GroupIdentifyBuilder<'a> {
    pub(super) fn new(
        analytics: &'a Analytics,
        actor: Option<Actor<'a>>,
        kind: &'a str,
        group: DistinctId<'a>,
    ) -> Self {
        Self { analytics, actor, kind, group, traits: &(), details: Details::default() }
    }

    /// Sets the group's properties.
    pub fn set(mut self, traits: &'a dyn Properties) -> Self {
        self.traits = traits;
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
        self.analytics.capture(&self.actor(), self.record_kind(), Some(&self.details)).id_caught()
    }

    /// Tracks it and returns the future of its answer, as [`Analytics::send`].
    pub fn send(mut self) -> Acknowledged {
        let details = std::mem::take(&mut self.details);
        self.analytics.capture_acknowledged(&self.actor(), self.record_kind(), details)
    }

    fn actor(&self) -> Actor<'a> {
        self.actor.unwrap_or_else(|| Actor::group(self.group))
    }

    fn record_kind(&self) -> RecordKind<'_> {
        RecordKind::GroupIdentify { kind: self.kind, id: &self.group, traits: self.traits }
    }
}

impl fmt::Debug for GroupIdentifyBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, group, .. } = self;
        f.debug_struct("GroupIdentifyBuilder").field("kind", kind).field("group", group).finish_non_exhaustive()
    }
}
