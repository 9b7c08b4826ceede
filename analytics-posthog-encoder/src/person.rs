//! What an event says about its person.

use analytics_core::{OwnedProperty, PersonUpdate, Property, PropertyVisitor, Record, Value, json};

/// What a record that was made by hand says in properties for which there are calls: a person's updates and its groups.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    pub(crate) set: Vec<OwnedProperty>,
    pub(crate) set_once: Vec<OwnedProperty>,
    pub(crate) unset: Vec<String>,
    pub(crate) groups: Vec<OwnedProperty>,
}

impl Mapped {
    /// Those of a person's properties that are set, beside what the record sets by calls.
    pub(crate) fn person(&self, what: PersonUpdate) -> &[OwnedProperty] {
        match what {
            PersonUpdate::Set => &self.set,
            PersonUpdate::SetOnce => &self.set_once,
            _ => &[],
        }
    }

    /// The properties that say anything about a person.
    pub(crate) fn person_keys(&self) -> impl Iterator<Item = &'static str> {
        let all =
            [("$set", self.set.is_empty()), ("$set_once", self.set_once.is_empty()), ("$unset", self.unset.is_empty())];
        all.into_iter().filter(|(_, is_empty)| !is_empty).map(|(key, _)| key)
    }
}

/// Whether `record` says anything about its person by calls.
pub(crate) fn is_updated(record: &Record<'_>) -> bool {
    struct Any(bool);

    impl PropertyVisitor for Any {
        fn visit(&mut self, _property: &Property<'_>) {
            self.0 = true;
        }
    }

    let mut any = Any(false);
    for what in [PersonUpdate::Set, PersonUpdate::SetOnce, PersonUpdate::Unset] {
        record.visit_person(what, &mut any);
    }
    any.0
}

/// The names that a property `$unset` lists, as PostHog reads it: a list of texts, or the keys of an object.
pub(crate) fn names(value: Value<'_>) -> Option<Vec<String>> {
    if let Some(members) = value.members() {
        return Some(members.iter().map(|member| member.key().to_owned()).collect());
    }
    serde_json::from_str(&json::to_string(value).ok()?).ok()
}
