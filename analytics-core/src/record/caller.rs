//! What is told, as it lies on the stack of whoever tracks.

use std::cell::Cell;
use std::time::SystemTime;

use super::details::Sets;
use super::scope::ScopePart;
use super::{Action, Details, PersonUpdate, Scope, Stamp};
use crate::actor::{Actor, DistinctId};
use crate::event::Event;
use crate::id::EventId;
use crate::lane::Lane;
use crate::property::{Merged, Properties, PropertyVisitor};
use crate::unwind::catch_panic;

/// What lies on the stack of whoever tracks.
pub(super) struct Caller<'a> {
    stamp: &'a Stamp,
    at: Cell<Option<SystemTime>>,
    id: Cell<Option<EventId>>,
    pub(super) actor: &'a Actor<'a>,
    pub(super) record_kind: RecordKind<'a>,
    pub(super) details: Option<&'a Details<'a>>,
    scope: &'a Scope,
}

/// What is told: an event, or something about an actor or a group.
#[derive(Clone, Copy)]
pub(crate) enum RecordKind<'a> {
    Track(&'a dyn Event),
    Identify { anonymous: Option<&'a DistinctId<'a>>, traits: &'a dyn Properties, traits_once: &'a dyn Properties },
    Alias { anonymous: &'a DistinctId<'a> },
    GroupIdentify { kind: &'a str, id: &'a DistinctId<'a>, traits: &'a dyn Properties },
}

impl<'a> RecordKind<'a> {
    pub(crate) fn action(self) -> Action<'a> {
        match self {
            Self::Track(event) => Action::Track { name: event.name(), description: event.description() },
            Self::Identify { anonymous, .. } => Action::Identify { anonymous: anonymous.copied() },
            Self::Alias { anonymous } => Action::Alias { anonymous: *anonymous },
            Self::GroupIdentify { kind, id, .. } => Action::GroupIdentify { kind, group: *id },
        }
    }

    /// The path that it takes, whatever the host's code does that is asked.
    pub(crate) fn lane(self) -> Lane {
        match self {
            Self::Track(event) => catch_panic(|| event.lane()).unwrap_or_default(),
            Self::Identify { .. } | Self::Alias { .. } | Self::GroupIdentify { .. } => Lane::default(),
        }
    }
}

impl<'a> Caller<'a> {
    pub(super) fn new(
        stamp: &'a Stamp,
        actor: &'a Actor<'a>,
        record_kind: RecordKind<'a>,
        details: Option<&'a Details<'a>>,
        scope: &'a Scope,
    ) -> Self {
        let at = Cell::new(details.and_then(|details| details.at));
        let id = Cell::new(details.and_then(|details| details.id));
        Self { stamp, at, id, actor, record_kind, details, scope }
    }

    /// The record's id, made on first use.
    pub(super) fn id(&self) -> EventId {
        made_once(&self.id, || match self.details.and_then(|details| details.at) {
            Some(at) => self.stamp.id_at(at),
            None => self.stamp.id(self.at()),
        })
    }

    /// The time of what happened, taken on first use.
    pub(super) fn at(&self) -> SystemTime {
        made_once(&self.at, || self.stamp.now())
    }

    pub(super) fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let event: &dyn Properties = match &self.record_kind {
            RecordKind::Track(event) => event,
            // A group's traits are its own: what holds for events in a scope does not describe the group.
            RecordKind::GroupIdentify { traits, .. } => return traits.visit_properties(visitor),
            RecordKind::Identify { .. } | RecordKind::Alias { .. } => &(),
        };
        let Some(details) = self.details else {
            return visit_merged(event, self.scope.properties(), visitor);
        };
        let event = Merged { first: event, second: &details.properties };
        let sets = Sets(&details.sets);
        let all = Merged { first: &event, second: &sets };
        let first: &dyn Properties = if details.sets.is_empty() { &event } else { &all };
        visit_merged(first, self.scope.properties(), visitor);
    }

    pub(super) fn visit_person(&self, what: PersonUpdate, visitor: &mut dyn PropertyVisitor) {
        // What a client claims to be changes nobody: the handle has counted it.
        if self.actor.is_claimed() {
            return;
        }
        let traits: &dyn Properties = match (&self.record_kind, what) {
            (RecordKind::Identify { traits, .. }, PersonUpdate::Set) => traits,
            (RecordKind::Identify { traits_once, .. }, PersonUpdate::SetOnce) => traits_once,
            _ => &(),
        };
        match self.details {
            None => traits.visit_properties(visitor),
            Some(details) => Merged { first: details.person(what), second: traits }.visit_properties(visitor),
        }
    }

    pub(super) fn visit_groups(&self, visitor: &mut dyn PropertyVisitor) {
        if matches!(self.record_kind, RecordKind::GroupIdentify { .. }) {
            return;
        }
        match self.details {
            None => visit_part(self.scope.groups(), visitor),
            Some(details) => visit_merged(&details.groups, self.scope.groups(), visitor),
        }
    }

    pub(super) fn has_context(&self) -> bool {
        self.scope.context().is_some() || self.scope.flags().is_some()
    }

    pub(super) fn visit_context(&self, visitor: &mut dyn PropertyVisitor) {
        visit_part(self.scope.context(), visitor);
    }

    pub(super) fn visit_flags(&self, visitor: &mut dyn PropertyVisitor) {
        visit_part(self.scope.flags(), visitor);
    }

    pub(super) fn sampling_rate(&self) -> Option<f64> {
        self.scope.sampling_rate()
    }
}

fn visit_part(part: Option<ScopePart<'_>>, visitor: &mut dyn PropertyVisitor) {
    if let Some(part) = part {
        part.visit_properties(visitor);
    }
}

/// Shows the properties of `first`, then those of a scope that it did not set.
fn visit_merged(first: &dyn Properties, scope: Option<ScopePart<'_>>, visitor: &mut dyn PropertyVisitor) {
    match scope {
        None => first.visit_properties(visitor),
        Some(scope) => Merged { first, second: &scope }.visit_properties(visitor),
    }
}

fn made_once<T: Copy>(cell: &Cell<Option<T>>, make: impl FnOnce() -> T) -> T {
    cell.get().unwrap_or_else(|| {
        let value = make();
        cell.set(Some(value));
        value
    })
}
