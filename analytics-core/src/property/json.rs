//! The escape hatch: any `Serialize` as a property.

use std::fmt;

use serde::Serialize;

use crate::json::{self, JsonError, JsonWriter, Limits};

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

/// JSON that was written by this crate before, or why it could not be written.
///
/// Nobody else makes one: a text that is no JSON would break the request that carries it.
///
/// ```compile_fail
/// let _ = analytics_core::property::RawJson::from("}],\"evil\":[".to_owned());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(Result<Box<str>, JsonError>);

impl RawJson {
    /// What came of writing a value. One that failed fails again when the copy is written: a copy costs what the value
    /// itself would have.
    pub(crate) fn of(written: Result<String, JsonError>) -> Self {
        Self(written.map(Into::into))
    }

    /// `json`, which somebody else wrote, written anew.
    pub(crate) fn rewritten(json: &str) -> Self {
        let mut out = Vec::new();
        let result = json::rewrite(json, &mut JsonWriter::new(&mut out, &Limits::DEFAULT));
        // The writer writes whole strings and ASCII only.
        Self::of(result.and_then(|()| String::from_utf8(out).map_err(|error| JsonError::Failed(error.to_string()))))
    }

    /// The JSON text, or why there is none.
    ///
    /// # Errors
    /// What writing the value came to.
    pub fn json(&self) -> Result<&str, &JsonError> {
        self.0.as_deref()
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(json) => f.write_str(json),
            Err(error) => write!(f, "<{error}>"),
        }
    }
}

impl JsonSource for RawJson {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        match &self.0 {
            Ok(json) => writer.raw(json),
            Err(error) => Err(error.clone()),
        }
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T: serde::Serialize> Sealed for super::Json<T> {}
    impl Sealed for super::RawJson {}
    impl Sealed for serde_json::Number {}
}
