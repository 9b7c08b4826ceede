//! The escape hatch: any `Serialize` as a property.

use std::fmt;

use serde::Serialize;

use super::{PropertyType, PropertyValue, Value};
use crate::json::{JsonError, JsonWriter};

/// Any `Serialize` as a property's value.
///
/// It is written by a serializer that limits depth and size while it writes. A number that JSON cannot
/// carry (NaN, an infinity) costs the property, never a silent `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// Something that writes itself as JSON. Implemented for [`Json`] only.
pub trait JsonSource: sealed::Sealed {
    /// Writes one JSON value.
    ///
    /// # Errors
    /// If the value is too large or too deep, has a number that JSON cannot carry, or fails to serialize.
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError>;
}

impl<T: Serialize> JsonSource for Json<T> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        self.0.serialize(writer)
    }
}

impl<T: Serialize> PropertyValue for Json<T> {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(Value::Json(self))
    }
}

/// JSON that was written by this crate before.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for RawJson {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSource for RawJson {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        writer.raw(&self.0)
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T: serde::Serialize> Sealed for super::Json<T> {}
    impl Sealed for super::RawJson {}
}
