//! Values and properties that outlive their event.

use std::fmt;
use std::time::SystemTime;

use super::json::RawJson;
use super::key::OwnedKey;
use super::value::displayed;
use super::{Properties, Property, PropertyDescription, PropertyType, PropertyValue, PropertyVisitor, Value};
use crate::json::{self, Limits};

/// Levels that a copy follows.
const MAX_LEVELS: usize = 512;

/// What is copied of a value that writes itself. It may be as large as an event may be in any lane: where less is
/// taken, the copy is refused there as the value would be.
const COPIED: Limits = Limits::DEFAULT.with_bytes(8 << 20);

/// A copy of a property's value.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum OwnedValue {
    /// No value.
    Null,
    /// A boolean.
    Bool(bool),
    /// A signed whole number.
    I64(i64),
    /// An unsigned whole number.
    U64(u64),
    /// A signed whole number beyond 64 bits.
    I128(i128),
    /// An unsigned whole number beyond 64 bits.
    U128(u128),
    /// A number of single precision.
    F32(f32),
    /// A number.
    F64(f64),
    /// A string.
    Str(Box<str>),
    /// A moment.
    Time(SystemTime),
    /// A list.
    List(Vec<OwnedValue>),
    /// A nested object.
    Object(Vec<OwnedProperty>),
    /// JSON, written by this crate, or why there is none.
    Json(RawJson),
}

impl OwnedValue {
    /// The value that `json` holds. What is nested deeper than 512 levels becomes null; a sink refuses the event at 64.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Self {
        Self::from_json_levels(json, MAX_LEVELS)
    }

    fn from_json_levels(json: &serde_json::Value, levels: usize) -> Self {
        match json {
            serde_json::Value::Array(_) | serde_json::Value::Object(_) if levels == 0 => Self::Null,
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::from_number(number),
            serde_json::Value::String(text) => Self::Str(text.as_str().into()),
            serde_json::Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::from_json_levels(item, levels - 1)).collect())
            }
            serde_json::Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(key, value)| OwnedProperty::new(key.as_str(), Self::from_json_levels(value, levels - 1)))
                    .collect(),
            ),
        }
    }

    /// Every digit is kept: where any crate of a build switches on `serde_json/arbitrary_precision`, a number can have
    /// more than a variant of this type holds.
    fn from_number(number: &serde_json::Number) -> Self {
        if let Some(value) = number.as_u64() {
            return Self::U64(value);
        }
        if let Some(value) = number.as_i64() {
            return Self::I64(value);
        }
        let text = number.to_string();
        if let Ok(value) = text.parse() {
            return Self::I128(value);
        }
        if let Ok(value) = text.parse() {
            return Self::U128(value);
        }
        match number.as_f64() {
            Some(value) if serde_json::to_string(&value).is_ok_and(|json| json == text) => Self::F64(value),
            // What no server can read costs the property when it is written.
            _ => Self::Json(RawJson::rewritten(&text)),
        }
    }

    /// Borrows the value.
    #[must_use]
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::I64(value) => Value::I64(*value),
            Self::U64(value) => Value::U64(*value),
            Self::I128(value) => Value::I128(*value),
            Self::U128(value) => Value::U128(*value),
            Self::F32(value) => Value::F32(*value),
            Self::F64(value) => Value::F64(*value),
            Self::Str(text) => Value::Str(text),
            Self::Time(at) => Value::Time(*at),
            Self::List(values) => Value::List(values),
            Self::Object(properties) => Value::Object(properties),
            Self::Json(json) => Value::Json(json),
        }
    }
}

impl Value<'_> {
    /// Copies the members of an object; `None` if the value is anything else.
    #[must_use]
    pub fn members(self) -> Option<Vec<OwnedProperty>> {
        match self {
            Self::Object(object) => Some(OwnedProperty::collect(object)),
            Self::Json(_) => {
                let members = json::members(&json::to_string(self).ok()?)?.into_iter();
                Some(
                    members
                        .map(|(key, json)| OwnedProperty::new(key, OwnedValue::Json(RawJson::of(Ok(json)))))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// Copies the value. One that cannot be written is copied as the reason why not, and costs what it would have cost
    /// itself. What is nested deeper than 512 levels becomes null; a sink refuses the event at 64.
    #[must_use]
    pub fn into_owned(self) -> OwnedValue {
        self.copied(MAX_LEVELS)
    }

    /// Copies the value, down to so many levels: a copy that follows any depth could end the program for want of stack.
    fn copied(self, levels: usize) -> OwnedValue {
        match self {
            Self::List(_) | Self::Object(_) if levels == 0 => OwnedValue::Null,
            Self::Null => OwnedValue::Null,
            Self::Bool(value) => OwnedValue::Bool(value),
            Self::I64(value) => OwnedValue::I64(value),
            Self::U64(value) => OwnedValue::U64(value),
            Self::I128(value) => OwnedValue::I128(value),
            Self::U128(value) => OwnedValue::U128(value),
            Self::F32(value) => OwnedValue::F32(value),
            Self::F64(value) => OwnedValue::F64(value),
            Self::Str(value) => OwnedValue::Str(value.into()),
            Self::Display(value) => match displayed(value) {
                Ok(text) => OwnedValue::Str(text.into()),
                Err(error) => OwnedValue::Json(RawJson::of(Err(error))),
            },
            Self::Time(value) => OwnedValue::Time(value),
            Self::List(list) => {
                let mut values = Vec::new();
                list.visit_values(&mut |value| values.push(value.copied(levels - 1)));
                OwnedValue::List(values)
            }
            Self::Object(object) => OwnedValue::Object(OwnedProperty::collect_levels(object, levels - 1)),
            Self::Json(_) => OwnedValue::Json(RawJson::of(json::to_string_within(self, &COPIED))),
        }
    }
}

/// Level by level: a value that is nested without end is taken apart without calls that are.
impl Drop for OwnedValue {
    fn drop(&mut self) {
        let mut nested = Vec::new();
        self.give_up_nested(&mut nested);
        while let Some(mut value) = nested.pop() {
            value.give_up_nested(&mut nested);
        }
    }
}

impl OwnedValue {
    /// Moves what is nested in the value's members to `nested`.
    fn give_up_nested(&mut self, nested: &mut Vec<Self>) {
        let is_nested = |value: &Self| matches!(value, Self::List(_) | Self::Object(_));
        match self {
            Self::List(values) => nested.extend(values.drain(..).filter(is_nested)),
            Self::Object(properties) => {
                let values = properties.drain(..).map(|property| property.value);
                nested.extend(values.filter(is_nested));
            }
            _ => {}
        }
    }
}

impl PropertyValue for OwnedValue {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(self.as_value())
    }
}

impl fmt::Debug for OwnedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_value(), f)
    }
}

impl fmt::Display for OwnedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_value(), f)
    }
}

/// A copy of a property.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnedProperty {
    key: OwnedKey,
    value: OwnedValue,
}

impl OwnedProperty {
    /// The property `key` with `value`.
    #[must_use]
    pub fn new(key: impl Into<Box<str>>, value: OwnedValue) -> Self {
        Self { key: OwnedKey::new(key), value }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.as_key().name()
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &OwnedValue {
        &self.value
    }

    /// Takes the member `key` out of a value that is an object.
    pub(crate) fn forget(&mut self, key: &str) {
        if let Some(mut members) = self.value.as_value().members() {
            members.retain(|member| member.key() != key);
            self.value = OwnedValue::Object(members);
        }
    }

    /// Copies all that `properties` shows.
    #[must_use]
    pub fn collect(properties: &dyn Properties) -> Vec<Self> {
        Self::collect_levels(properties, MAX_LEVELS)
    }

    fn collect_levels(properties: &dyn Properties, levels: usize) -> Vec<Self> {
        let mut collected = Collector { levels, ..Collector::default() };
        properties.visit_properties(&mut collected);
        collected.properties
    }

    /// Shows each of an event's `properties` to `visitor`, with what is known of it.
    pub(crate) fn visit_described(
        properties: &[Self],
        described: &'static [PropertyDescription],
        visitor: &mut dyn PropertyVisitor,
    ) {
        for property in properties {
            let value = property.value.as_value();
            match described.iter().find(|described| described.name() == property.key()) {
                Some(described) => visitor.value(&described.key(), value),
                None => visitor.value(&property.key.as_key(), value),
            }
        }
    }

    /// Shows each of `properties` to `visitor`.
    pub(crate) fn visit_all(properties: &[Self], visitor: &mut dyn PropertyVisitor) {
        for property in properties {
            visitor.value(&property.key.as_key(), property.value.as_value());
        }
    }

    /// Adds `value` under `key`, or replaces what is there; [`Value::Null`] is left out.
    pub(crate) fn put(properties: &mut Vec<Self>, key: &str, value: Value<'_>) {
        properties.retain(|property| property.key() != key);
        if !matches!(value, Value::Null) {
            properties.push(Self::new(key, value.into_owned()));
        }
    }
}

impl Properties for Vec<OwnedProperty> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        OwnedProperty::visit_all(self, visitor);
    }
}

/// A visitor that copies what it sees.
pub(crate) struct Collector {
    pub(crate) properties: Vec<OwnedProperty>,
    /// Levels of each value that are copied.
    levels: usize,
}

impl Default for Collector {
    fn default() -> Self {
        Self { properties: Vec::new(), levels: MAX_LEVELS }
    }
}

impl PropertyVisitor for Collector {
    fn visit(&mut self, property: &Property<'_>) {
        self.properties.push(OwnedProperty::new(property.key().name(), property.value().copied(self.levels)));
    }
}
