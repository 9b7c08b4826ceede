//! A record that outlives its caller.

use std::fmt;
use std::time::SystemTime;

use super::{Action, PersonUpdate, Record};
use crate::actor::{Actor, DistinctId, IntoDistinctId, OwnedActor};
use crate::encoding::{LeftOut, RecordPart};
use crate::event::EventDescription;
use crate::id::EventId;
use crate::lane::Lane;
use crate::property::{Collector, OwnedProperty, OwnedValue, Value};

/// A copy of a [`Record`].
#[derive(Clone, PartialEq)]
pub struct OwnedRecord {
    id: EventId,
    at: SystemTime,
    actor: OwnedActor,
    action: OwnedAction,
    lane: Lane,
    properties: Vec<OwnedProperty>,
    set: Vec<OwnedProperty>,
    set_once: Vec<OwnedProperty>,
    unset: Vec<OwnedProperty>,
    groups: Vec<OwnedProperty>,
    context: Vec<OwnedProperty>,
    flags: Vec<OwnedProperty>,
    sampling_rate: Option<f64>,
}

/// A copy of an [`Action`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum OwnedAction {
    /// An event happened.
    #[non_exhaustive]
    Track {
        /// The event's name.
        name: Box<str>,
        /// What is known about the event's type.
        description: Option<&'static EventDescription>,
    },
    /// The actor is known.
    #[non_exhaustive]
    Identify {
        /// The id under which the same person was seen before.
        anonymous: Option<Box<str>>,
    },
    /// The actor was seen before under another id.
    #[non_exhaustive]
    Alias {
        /// That other id.
        anonymous: Box<str>,
    },
    /// A group is described.
    #[non_exhaustive]
    GroupIdentify {
        /// The kind of group.
        kind: Box<str>,
        /// The group.
        group: Box<str>,
    },
}

#[cfg(test)]
impl OwnedRecord {
    /// A record that stands for any, for tests in here.
    pub(crate) fn example() -> Self {
        let (actor, event) = (Actor::user("u1"), crate::event::DynamicEvent::new("example"));
        let record_kind = super::RecordKind::Track(&event);
        let (stamp, scope) = (super::Stamp::new(crate::clock::SystemClock), super::Scope::default());
        Record::new(&stamp, &actor, record_kind, None, &scope).to_owned()
    }
}

impl OwnedRecord {
    pub(super) fn copy(record: &Record<'_>) -> Self {
        let collect = |visit: &dyn Fn(&mut Collector)| {
            let mut collector = Collector::default();
            visit(&mut collector);
            collector.properties
        };
        // A property without a value is none.
        let with_values = |visit: &dyn Fn(&mut Collector)| {
            let mut properties = collect(visit);
            properties.retain(|property| *property.value() != OwnedValue::Null);
            properties
        };
        let person = |what| with_values(&|collector: &mut Collector| record.visit_person(what, collector));
        Self {
            id: record.id(),
            at: record.at(),
            actor: record.actor().into_owned(),
            action: OwnedAction::copy(record.action()),
            lane: record.lane(),
            properties: with_values(&|collector| record.visit_properties(collector)),
            set: person(PersonUpdate::Set),
            set_once: person(PersonUpdate::SetOnce),
            unset: collect(&|collector| record.visit_person(PersonUpdate::Unset, collector)),
            groups: collect(&|collector| record.visit_groups(collector)),
            context: collect(&|collector| record.visit_context(collector)),
            flags: collect(&|collector| record.visit_flags(collector)),
            sampling_rate: record.sampling_rate(),
        }
    }

    /// Borrows the record, to show it to another sink.
    #[must_use]
    pub fn as_record(&self) -> Record<'_> {
        Record::of_owned(self)
    }

    /// The record's id.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.id
    }

    /// The time of what happened.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Who did it, or what it is told about.
    #[must_use]
    pub fn actor(&self) -> Actor<'_> {
        self.actor.as_actor()
    }

    /// What is told.
    #[must_use]
    pub fn action(&self) -> &OwnedAction {
        &self.action
    }

    /// The path that it takes.
    #[must_use]
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// The event's name; `None` if the record tells something else.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.action {
            OwnedAction::Track { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The properties, in the order in which they were visited.
    #[must_use]
    pub fn properties(&self) -> &[OwnedProperty] {
        &self.properties
    }

    /// What changes about the actor's person.
    #[must_use]
    pub fn person(&self, what: PersonUpdate) -> &[OwnedProperty] {
        match what {
            PersonUpdate::Set => &self.set,
            PersonUpdate::SetOnce => &self.set_once,
            PersonUpdate::Unset => &self.unset,
        }
    }

    /// Adds a property, or replaces the one that has this key. A `None` takes it away.
    #[must_use]
    pub fn with_property<'v>(mut self, key: &str, value: impl Into<Value<'v>>) -> Self {
        OwnedProperty::put(&mut self.properties, key, value.into());
        self
    }

    /// Takes a property away, wherever it stands: in the event, in what changes about the person, among the groups, the
    /// flags and the circumstances.
    #[must_use]
    pub fn without_property(mut self, key: &str) -> Self {
        let Self { properties, set, set_once, unset, groups, context, flags, .. } = &mut self;
        for part in [properties, set, set_once, unset, groups, context, flags] {
            part.retain(|property| property.key() != key);
        }
        self
    }

    /// Changes something about the actor's person: sets a property, sets it once, or unsets it, where the value does
    /// not matter.
    #[must_use]
    pub fn with_person<'v>(mut self, what: PersonUpdate, key: &str, value: impl Into<Value<'v>>) -> Self {
        match what {
            PersonUpdate::Set => OwnedProperty::put(&mut self.set, key, value.into()),
            PersonUpdate::SetOnce => OwnedProperty::put(&mut self.set_once, key, value.into()),
            PersonUpdate::Unset => {
                self.unset.retain(|property| property.key() != key);
                self.unset.push(OwnedProperty::new(key, OwnedValue::Null));
            }
        }
        self
    }

    /// Says in which group it happened: `in_group("company", "acme")`.
    #[must_use]
    pub fn in_group<'v>(mut self, kind: &str, id: impl IntoDistinctId<'v>) -> Self {
        OwnedProperty::put(&mut self.groups, kind, id.into_distinct_id().value());
        self
    }

    /// The share of the actors whose records are here, as [`Record::sampling_rate`].
    #[must_use]
    pub fn sampling_rate(&self) -> Option<f64> {
        self.sampling_rate
    }

    /// Takes out what a backend left out, so that the copy is what it was shown.
    pub fn leave_out(&mut self, left_out: &LeftOut) {
        if let Some(property) = left_out.property() {
            for of in self.properties.iter_mut().filter(|of| of.key() == property) {
                of.forget(left_out.key());
            }
            return;
        }
        let take_out = |properties: &mut Vec<OwnedProperty>| {
            properties.retain(|property| property.key() != left_out.key());
        };
        match left_out.part() {
            RecordPart::Event => take_out(&mut self.properties),
            RecordPart::Person => {
                take_out(&mut self.set);
                take_out(&mut self.set_once);
            }
            RecordPart::WholePerson => {
                [&mut self.set, &mut self.set_once, &mut self.unset].into_iter().for_each(Vec::clear);
            }
            RecordPart::Groups => take_out(&mut self.groups),
            RecordPart::Context => take_out(&mut self.context),
            RecordPart::Flags => take_out(&mut self.flags),
        }
    }

    /// The groups in which it happened.
    #[must_use]
    pub fn groups(&self) -> &[OwnedProperty] {
        &self.groups
    }

    /// The circumstances in which it happened, as [`Record::visit_context`].
    #[must_use]
    pub fn context(&self) -> &[OwnedProperty] {
        &self.context
    }

    /// The feature flags that are known for the actor, as [`Record::visit_flags`].
    #[must_use]
    pub fn flags(&self) -> &[OwnedProperty] {
        &self.flags
    }
}

impl fmt::Debug for OwnedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for OwnedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_record(), f)
    }
}

impl OwnedAction {
    fn copy(action: Action<'_>) -> Self {
        match action {
            Action::Track { name, description } => Self::Track { name: name.into(), description },
            Action::Identify { anonymous } => Self::Identify { anonymous: anonymous.map(|id| id.to_string().into()) },
            Action::Alias { anonymous } => Self::Alias { anonymous: anonymous.to_string().into() },
            Action::GroupIdentify { kind, group } => {
                Self::GroupIdentify { kind: kind.into(), group: group.to_string().into() }
            }
        }
    }

    /// The group that is described, if one is.
    pub(super) fn group(&self) -> Option<(&str, DistinctId<'_>)> {
        match self {
            Self::GroupIdentify { kind, group } => Some((kind, DistinctId::from(&**group))),
            Self::Track { .. } | Self::Identify { .. } | Self::Alias { .. } => None,
        }
    }

    pub(super) fn as_action(&self) -> Action<'_> {
        match self {
            Self::Track { name, description } => Action::Track { name, description: *description },
            Self::Identify { anonymous } => Action::Identify { anonymous: anonymous.as_deref().map(DistinctId::from) },
            Self::Alias { anonymous } => Action::Alias { anonymous: DistinctId::from(&**anonymous) },
            Self::GroupIdentify { kind, group } => Action::GroupIdentify { kind, group: DistinctId::from(&**group) },
        }
    }
}
