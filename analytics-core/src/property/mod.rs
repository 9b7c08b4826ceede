//! What is known about an event: keys, values, and the visitor that reads them.

mod convert;
mod description;
mod duration;
mod flatten;
mod json;
mod key;
mod map;
mod merge;
mod owned;
mod pairs;
mod value;

pub use self::convert::PropertyValue;
pub use self::description::{Privacy, PropertyDescription, PropertyType};
pub use self::duration::{Microseconds, Milliseconds, Nanoseconds, Seconds};
pub use self::flatten::DescribedProperties;
#[doc(hidden)]
pub use self::flatten::{Flatten, refuse_two_with_additional};
pub use self::json::{Json, JsonSource, RawJson};
pub use self::key::Key;
pub(crate) use self::merge::Merged;
pub(crate) use self::owned::Collector;
pub use self::owned::{OwnedProperty, OwnedValue};
pub use self::pairs::Pairs;
pub use self::value::{Value, ValueList};

/// A set of named values: an event's properties, a person's or a group's traits, a nested object.
///
/// Derive it; nothing is built on the way to the visitor. Maps, slices of pairs and [`Pairs`] are properties as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no properties to visit",
    label = "not a set of properties",
    note = "derive it: `#[derive(Properties)]`, or `#[derive(Event)]` if it is an event"
)]
pub trait Properties {
    /// Shows every property to `visitor`, in the order of declaration. What is absent (`None`) is not shown.
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor);
}

impl<P: Properties + ?Sized> Properties for &P {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        (**self).visit_properties(visitor);
    }
}

impl Properties for () {
    fn visit_properties(&self, _visitor: &mut dyn PropertyVisitor) {}
}

impl DescribedProperties for () {
    const PROPERTIES: &'static [PropertyDescription] = &[];
    const HAS_ADDITIONAL: bool = false;
}

/// Reads properties one after the other: a JSON writer, a recorder, a redactor.
pub trait PropertyVisitor {
    /// Takes note of one property.
    fn visit(&mut self, property: &Property<'_>);
}

impl dyn PropertyVisitor + '_ {
    /// Visits `value` under `key`, unless it is absent.
    #[inline]
    pub fn property<T: PropertyValue + ?Sized>(&mut self, key: &Key<'_>, value: &T) {
        if let Some(value) = value.value() {
            self.visit(&Property::new(key, value));
        }
    }

    /// Visits `value` under `key`.
    #[inline]
    pub fn value(&mut self, key: &Key<'_>, value: Value<'_>) {
        self.visit(&Property::new(key, value));
    }
}

/// One property, borrowed for the duration of a visit.
#[derive(Clone, Copy, Debug)]
pub struct Property<'a> {
    key: &'a Key<'a>,
    value: Value<'a>,
    json: Option<&'a str>,
}

impl<'a> Property<'a> {
    /// The property `key` with `value`.
    #[inline]
    #[must_use]
    pub fn new(key: &'a Key<'a>, value: Value<'a>) -> Self {
        Self { key, value, json: None }
    }

    /// Adds the value's JSON, which its owner has ready. It must be the JSON of the same value.
    #[must_use]
    pub(crate) fn with_json(mut self, json: &'a str) -> Self {
        self.json = Some(json);
        self
    }

    /// The same value under `key`.
    fn under<'b>(&self, key: &'b Key<'b>) -> Property<'b>
    where
        'a: 'b,
    {
        Property { key, value: self.value, json: self.json }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Key<'a> {
        self.key
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        self.value
    }

    /// The value's JSON, where its owner has it ready.
    #[must_use]
    pub fn json(&self) -> Option<&'a str> {
        self.json
    }

    /// What the event's type says about this property.
    #[must_use]
    pub fn description(&self) -> Option<&'static PropertyDescription> {
        self.key.description()
    }
}
