//! What a record shows to visitors.

use super::{PersonUpdate, Record, Source, filter};
use crate::event::EventDescription;
use crate::property::{OwnedProperty, PropertyVisitor};

impl Record<'_> {
    /// Visits the event's properties, then those of the call and of the scope that the event did not set:
    /// no key twice. For a group, its traits.
    pub fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        match &self.source {
            Source::Caller(caller) => caller.visit_properties(visitor),
            Source::Owned(record) | Source::Mapped { contents: record, .. } => {
                let described = self.description().map_or(&[][..], EventDescription::properties);
                OwnedProperty::visit_described(record.properties(), described, visitor);
            }
            Source::Sampled { parent, .. } => parent.visit_properties(visitor),
            Source::Filtered { parent, filter } => {
                filter::through(*filter, visitor, |visitor| parent.visit_properties(visitor));
            }
        }
    }

    /// Visits what changes about the actor's person.
    pub fn visit_person(&self, what: PersonUpdate, visitor: &mut dyn PropertyVisitor) {
        match &self.source {
            Source::Caller(caller) => caller.visit_person(what, visitor),
            Source::Owned(record) | Source::Mapped { contents: record, .. } => {
                OwnedProperty::visit_all(record.person(what), visitor);
            }
            Source::Sampled { parent, .. } => parent.visit_person(what, visitor),
            Source::Filtered { parent, filter } => {
                filter::through(*filter, visitor, |visitor| parent.visit_person(what, visitor));
            }
        }
    }

    /// Visits the groups in which it happened: the kind of group as key, the group's id as value.
    pub fn visit_groups(&self, visitor: &mut dyn PropertyVisitor) {
        match &self.source {
            Source::Caller(caller) => caller.visit_groups(visitor),
            Source::Owned(record) | Source::Mapped { contents: record, .. } => {
                OwnedProperty::visit_all(record.groups(), visitor);
            }
            Source::Sampled { parent, .. } => parent.visit_groups(visitor),
            Source::Filtered { parent, filter } => {
                filter::through(*filter, visitor, |visitor| parent.visit_groups(visitor));
            }
        }
    }

    /// Whether [`visit_context`](Self::visit_context) or [`visit_flags`](Self::visit_flags) may show anything: most
    /// records have neither, and whoever writes one down is spared the visits.
    #[must_use]
    pub fn has_context(&self) -> bool {
        match &self.source {
            Source::Caller(caller) => caller.has_context(),
            Source::Owned(record) | Source::Mapped { contents: record, .. } => {
                !(record.context().is_empty() && record.flags().is_empty())
            }
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } => parent.has_context(),
        }
    }

    /// Visits the circumstances in which it happened, each under its [`ContextKey`](crate::ContextKey): the client's
    /// session and address, the distributed trace.
    pub fn visit_context(&self, visitor: &mut dyn PropertyVisitor) {
        match &self.source {
            Source::Caller(caller) => caller.visit_context(visitor),
            Source::Owned(record) | Source::Mapped { contents: record, .. } => {
                OwnedProperty::visit_all(record.context(), visitor);
            }
            Source::Sampled { parent, .. } => parent.visit_context(visitor),
            Source::Filtered { parent, filter } => {
                filter::through(*filter, visitor, |visitor| parent.visit_context(visitor));
            }
        }
    }

    /// Visits the feature flags that are known for the actor, sorted by key: a boolean each, or the name of a variant.
    pub fn visit_flags(&self, visitor: &mut dyn PropertyVisitor) {
        match &self.source {
            Source::Caller(caller) => caller.visit_flags(visitor),
            Source::Owned(record) | Source::Mapped { contents: record, .. } => {
                OwnedProperty::visit_all(record.flags(), visitor);
            }
            Source::Sampled { parent, .. } => parent.visit_flags(visitor),
            Source::Filtered { parent, filter } => {
                filter::through(*filter, visitor, |visitor| parent.visit_flags(visitor));
            }
        }
    }
}
