//! What came of writing a record down.

use std::borrow::Cow;
use std::fmt;

use analytics_rules::display::OneLine;

use crate::ledger::DropReason;

/// A record that was written down, and what of it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoded {
    /// The properties that were left out, in the order in which they were met.
    pub left_out: Vec<LeftOut>,
    /// Whether the event may arrive before or after any other: the backend keeps no state that it changes.
    pub in_any_order: bool,
}

impl Encoded {
    /// A record without these properties.
    #[must_use]
    pub const fn without(left_out: Vec<LeftOut>) -> Self {
        Self { left_out, in_any_order: false }
    }

    /// The same, of an event that may arrive before or after any other.
    #[must_use]
    pub const fn in_any_order(mut self) -> Self {
        self.in_any_order = true;
        self
    }
}

/// A property that was left out of an event that was kept, and why.
///
/// It displays as `"distinct_id": the actor says who did it`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    key: Box<str>,
    why: Cow<'static, str>,
    part: RecordPart,
    inside: Option<Box<str>>,
}

/// A part of a record that has properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordPart {
    /// What is told of the event, or of the group.
    #[default]
    Event,
    /// What changes about the actor's person, one property of it.
    Person,
    /// All that changes about the actor's person.
    WholePerson,
    /// The groups in which it happened.
    Groups,
    /// The circumstances in which it happened.
    Context,
    /// The feature flags that are known for the actor.
    Flags,
}

analytics_rules::words! {
    RecordPart {
        Event = "event",
        Person = "person",
        WholePerson = "whole_person",
        Groups = "groups",
        Context = "context",
        Flags = "flags",
    }
}

impl LeftOut {
    /// The property `key`, left out for the reason that `why` tells a developer. It must hold no property's value.
    #[must_use]
    pub fn new(key: &str, why: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), why: why.into(), part: RecordPart::Event, inside: None }
    }

    /// The same, of another part of the record than the event.
    #[must_use]
    pub fn of(self, part: RecordPart) -> Self {
        Self { part, ..self }
    }

    /// The same, as a member of the object that is the event's property `property`.
    #[must_use]
    pub fn inside(self, property: &str) -> Self {
        Self { inside: Some(property.into()), ..self }
    }

    /// The event's property whose member it was; `None` if it stood for itself.
    #[must_use]
    pub fn property(&self) -> Option<&str> {
        self.inside.as_deref()
    }

    /// The part of the record from which it was left out.
    #[must_use]
    pub fn part(&self) -> RecordPart {
        self.part
    }

    /// The property's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Why it was left out, and what to do instead where there is something.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", short(&self.key))?;
        if let Some(property) = &self.inside {
            write!(f, " in {}", short(property))?;
        }
        write!(f, ": {}", self.why)
    }
}

/// Why a record was not written down: the reason under which it is counted, and the cause for a developer to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    reason: DropReason,
    why: Cow<'static, str>,
}

impl Refusal {
    /// A refusal for `reason`, with a cause for logs. It must hold no property's value.
    #[must_use]
    pub fn new(reason: DropReason, why: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, why: why.into() }
    }

    /// A refusal for the property `key`, whose value could not be written and may not be left out.
    pub(crate) fn for_property(key: &str, reason: DropReason, error: &dyn fmt::Display) -> Self {
        Self::new(reason, format!("the property {}: {error}", short(&key)))
    }

    /// The reason under which the record is counted.
    #[must_use]
    pub fn reason(&self) -> DropReason {
        self.reason
    }

    /// The cause, and what to do about it where there is something; empty where the reason says it all.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl From<DropReason> for Refusal {
    fn from(reason: DropReason) -> Self {
        Self { reason, why: Cow::Borrowed("") }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if self.why.is_empty() { Ok(()) } else { write!(f, ": {}", self.why) }
    }
}

/// A key as a log shows it: in quotes, and cut where it is long.
fn short(key: &dyn fmt::Display) -> OneLine<'_> {
    OneLine::new(key).quoted().at_most(60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::JsonError;

    #[test]
    fn a_key_is_told_on_one_short_line() {
        let told = LeftOut::new("a\nb\u{1b}[2J\"", "why").to_string();
        assert_eq!(told, "\"a\\nb\\u{1b}[2J\\\"\": why");
        let long = "k".repeat(1_000);
        let refusal = Refusal::for_property(&long, DropReason::TooDeep, &JsonError::TooDeep(64));
        assert!(refusal.to_string().len() < 200, "{refusal}");
        assert!(refusal.to_string().starts_with("too_deep: the property \"kkk"), "{refusal}");
        assert_eq!(Refusal::from(DropReason::Closed).to_string(), "closed");
    }
}
