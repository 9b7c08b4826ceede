//! What one call says beyond its event.

use std::fmt;
use std::time::SystemTime;

use super::PersonUpdate;
use crate::actor::DistinctId;
use crate::id::EventId;
use crate::ledger::Receipt;
use crate::property::{Key, Merged, Properties, PropertyVisitor, Value};

/// What one call says beyond its event.
#[derive(Default)]
pub(crate) struct Details<'a> {
    pub(crate) at: Option<SystemTime>,
    pub(crate) id: Option<EventId>,
    pub(crate) properties: Pairs<'a>,
    /// Sets of properties, in the order in which they were given.
    pub(crate) sets: Vec<&'a dyn Properties>,
    pub(crate) groups: Groups<'a>,
    pub(crate) receipt: Option<Receipt>,
    set: Pairs<'a>,
    set_once: Pairs<'a>,
    unset: Pairs<'a>,
}

impl<'a> Details<'a> {
    pub(crate) fn person(&self, what: PersonUpdate) -> &Pairs<'a> {
        match what {
            PersonUpdate::Set => &self.set,
            PersonUpdate::SetOnce => &self.set_once,
            PersonUpdate::Unset => &self.unset,
        }
    }

    /// How many things it changes about the actor's person.
    pub(crate) fn person_updates(&self) -> usize {
        [&self.set, &self.set_once, &self.unset].map(|pairs| pairs.0.len()).iter().sum()
    }

    pub(crate) fn put_person(&mut self, what: PersonUpdate, key: &'a str, value: Value<'a>) {
        let pairs = match what {
            PersonUpdate::Set => &mut self.set,
            PersonUpdate::SetOnce => &mut self.set_once,
            PersonUpdate::Unset => return self.unset.put_any(key, Value::Null),
        };
        pairs.put(key, value);
    }
}

impl fmt::Debug for Details<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details").field("at", &self.at).field("id", &self.id).finish_non_exhaustive()
    }
}

/// Sets of properties, of which a later one wins over those before it.
#[derive(Clone, Copy)]
pub(crate) struct Sets<'s, 'a>(pub(crate) &'s [&'a dyn Properties]);

impl Properties for Sets<'_, '_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        if let Some((last, earlier)) = self.0.split_last() {
            Merged { first: *last, second: &Sets(earlier) }.visit_properties(visitor);
        }
    }
}

/// Keys and values in the order in which they were given; no key twice.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'a>(Vec<(&'a str, Value<'a>)>);

impl<'a> Pairs<'a> {
    /// Adds or replaces a value; `Null` is left out.
    pub(crate) fn put(&mut self, key: &'a str, value: Value<'a>) {
        self.0.retain(|(other, _)| *other != key);
        if !matches!(value, Value::Null) {
            self.0.push((key, value));
        }
    }

    fn put_any(&mut self, key: &'a str, value: Value<'a>) {
        self.0.retain(|(other, _)| *other != key);
        self.0.push((key, value));
    }
}

impl Properties for Pairs<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        for (key, value) in &self.0 {
            visitor.value(&Key::new(key), *value);
        }
    }
}

/// Kinds of groups and the group of each.
#[derive(Debug, Default)]
pub(crate) struct Groups<'a>(Vec<(&'a str, DistinctId<'a>)>);

impl<'a> Groups<'a> {
    pub(crate) fn get(&self, kind: &str) -> Option<&DistinctId<'a>> {
        self.0.iter().find(|(other, _)| *other == kind).map(|(_, id)| id)
    }

    pub(crate) fn put(&mut self, kind: &'a str, id: DistinctId<'a>) {
        self.0.retain(|(other, _)| *other != kind);
        self.0.push((kind, id));
    }
}

impl Properties for Groups<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        for (kind, id) in &self.0 {
            visitor.value(&Key::new(kind), id.value());
        }
    }
}
