//! What a recording can be asked for.

mod condition;
mod subject;

use analytics_core::{Event, EventDescription, EventKind, OwnedProperty, OwnedRecord, PropertyDescription};

pub(crate) use self::condition::{Condition, RecordField};
pub(crate) use self::subject::Subject;
use crate::wire::Wire;

/// What a recording can be asked for: a kind of event, a whole event, or an event's name.
///
/// - An [`EventKind`], such as `CopilotEvent::TOOL_CALLED`: every event of that kind.
/// - A whole event, any `E: Event`: events of its name whose properties are the same. Every property of the expected
///   event is compared, and one that its type declares and that it leaves out (`None`) must be absent. What else a
///   record has, from a scope or from the call, does not matter.
/// - A name, `&str`: every event of that name, however it was made.
///
/// `Marker` only tells these three apart; it is never written. The trait cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "a recording cannot be asked for `{Self}`",
    label = "not a kind of event, an event, or a name",
    note = "a kind: `CopilotEvent::TOOL_CALLED`, or `OrderPlaced::EVENT` of a struct",
    note = "a whole event: any value whose type is `#[derive(Event)]`",
    note = "a name: a `&str`"
)]
pub trait Expected<Marker> {
    #[doc(hidden)]
    fn expectation(self) -> Expectation;
}

/// What an [`Expected`] asks for. It cannot be made elsewhere, which seals the trait.
#[derive(Debug)]
pub struct Expectation {
    pub(crate) subject: Subject,
    pub(crate) description: Option<&'static EventDescription>,
    pub(crate) conditions: Vec<Condition>,
    /// The properties of a whole event that are not compared.
    pub(crate) ignored: Vec<String>,
}

impl Expectation {
    pub(crate) fn new(subject: Subject, description: Option<&'static EventDescription>) -> Self {
        Self { subject, description, conditions: Vec::new(), ignored: Vec::new() }
    }

    pub(crate) fn with(self, conditions: impl IntoIterator<Item = Condition>) -> Self {
        Self { conditions: conditions.into_iter().collect(), ..self }
    }

    /// Everything in which `record` differs, in the order in which a record is shown.
    pub(crate) fn differences(&self, record: &OwnedRecord) -> Vec<String> {
        let mut conditions: Vec<&Condition> = self.conditions.iter().collect();
        conditions.sort_by_key(|condition| condition.place());
        conditions.into_iter().filter_map(|condition| condition.difference(record)).collect()
    }
}

/// Marks a kind of event.
#[derive(Debug)]
pub enum Kind {}

/// Marks a whole event.
#[derive(Debug)]
pub enum Whole {}

/// Marks a name.
#[derive(Debug)]
pub enum Name {}

impl Expected<Kind> for EventKind {
    fn expectation(self) -> Expectation {
        Expectation::new(Subject::Event(self.name().to_owned()), Some(self.description()))
    }
}

impl Expected<Name> for &str {
    fn expectation(self) -> Expectation {
        Expectation::new(Subject::Event(self.to_owned()), None)
    }
}

impl Expected<Name> for &String {
    fn expectation(self) -> Expectation {
        self.as_str().expectation()
    }
}

impl<E: Event> Expected<Whole> for E {
    fn expectation(self) -> Expectation {
        let properties = OwnedProperty::collect(&self);
        let own =
            |key: &str, wanted| Condition::Value { place: RecordField::Property, key: key.into(), wanted, own: true };
        let present = properties.iter().map(|property| own(property.key(), Wire::of(property.value().as_value())));
        let declared = self.description().map_or(&[][..], EventDescription::properties);
        let absent = declared
            .iter()
            .map(PropertyDescription::name)
            .filter(|key| !properties.iter().any(|property| property.key() == *key))
            .map(|key| own(key, None));
        Expectation::new(Subject::Event(self.name().to_owned()), self.description()).with(present.chain(absent))
    }
}
