//! An event of which more is said than its actor and itself.

use std::time::SystemTime;

use super::Analytics;
use crate::actor::{Actor, IntoDistinctId};
use crate::event::Event;
use crate::id::EventId;
use crate::ledger::Acknowledged;
use crate::property::{Properties, Value};
use crate::record::{Details, PersonUpdate, RecordKind};
use crate::unwind::drop_caught;

/// An event of which more is said than its actor and itself; made by [`Analytics::event`].
#[derive(Debug)]
#[must_use = "nothing is tracked before `.track()`"]
pub struct EventBuilder<'a, E> {
    analytics: &'a Analytics,
    actor: Actor<'a>,
    event: E,
    details: Details<'a>,
}

impl<'a, E: Event> EventBuilder<'a, E> {
    pub(super) fn new(analytics: &'a Analytics, actor: Actor<'a>, event: E) -> Self {
        Self { analytics, actor, event, details: Details::default() }
    }

    /// Sets the time at which it happened; default now.
    pub fn at(mut self, at: SystemTime) -> Self {
        self.details.at = Some(at);
        self
    }

    /// Sets the event's id, so that a server can tell a repeat; default a new one.
    pub fn id(mut self, id: impl Into<EventId>) -> Self {
        self.details.id = Some(id.into());
        self
    }

    /// Says in which group it happened: `in_group("company", "acme")`.
    pub fn in_group(mut self, kind: &'a str, id: impl IntoDistinctId<'a>) -> Self {
        self.details.groups.put(kind, id.into_distinct_id());
        self
    }

    /// Sets a property of the actor's person. A `None` is left out.
    pub fn set_person(mut self, key: &'a str, value: impl Into<Value<'a>>) -> Self {
        self.details.put_person(PersonUpdate::Set, key, value.into());
        self
    }

    /// Sets a property of the actor's person that was never set. A `None` is left out.
    pub fn set_person_once(mut self, key: &'a str, value: impl Into<Value<'a>>) -> Self {
        self.details.put_person(PersonUpdate::SetOnce, key, value.into());
        self
    }

    /// Removes a property of the actor's person.
    pub fn unset_person(mut self, key: &'a str) -> Self {
        self.details.put_person(PersonUpdate::Unset, key, Value::Null);
        self
    }

    /// Adds a property. It wins over the scope's; the event's own wins over it. A `None` is left out.
    pub fn property(mut self, key: &'a str, value: impl Into<Value<'a>>) -> Self {
        self.details.properties.put(key, value.into());
        self
    }

    /// Adds properties: derived ones, a map, pairs. They win over the scope's and over those that were added before by
    /// this method; the event's own and each [`property`](Self::property) win over them.
    pub fn properties(mut self, properties: &'a dyn Properties) -> Self {
        self.details.sets.push(properties);
        self
    }

    /// Tracks the event and returns the future of its answer, as [`Analytics::send`].
    pub fn send(self) -> Acknowledged {
        let Self { analytics, actor, event, details } = self;
        let acknowledged = analytics.capture_acknowledged(&actor, RecordKind::Track(&event), details);
        drop_caught(event);
        acknowledged
    }

    /// Tracks the event and returns its id.
    #[allow(clippy::must_use_candidate, reason = "few callers need the id")]
    pub fn track(self) -> EventId {
        let id = self.analytics.capture(&self.actor, RecordKind::Track(&self.event), Some(&self.details)).id_caught();
        drop_caught(self.event);
        id
    }
}
