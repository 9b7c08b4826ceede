//! JSON as events are written: straight into a buffer, limited while it is written.
//!
//! There is no document in between: a [`JsonWriter`] writes values, an [`ObjectWriter`] is the visitor that
//! writes an object.

mod error;
mod limits;
mod object;
mod reader;
mod ready_json;
mod serializer;
mod text;
mod time;
mod writer;

pub use self::error::JsonError;
pub use self::limits::Limits;
pub use self::object::{ObjectWriter, write_comma};
pub(crate) use self::reader::{members, rewrite};
pub(crate) use self::text::escaped_len;
pub use self::text::{write_display, write_string};
pub use self::time::write_time;
pub use self::writer::JsonWriter;

use crate::property::Value;

/// Writes `value` as JSON, within the default [`Limits`].
///
/// # Errors
/// As [`JsonWriter::value`].
pub fn to_string(value: Value<'_>) -> Result<String, JsonError> {
    to_string_within(value, &Limits::DEFAULT)
}

/// The same, within these limits.
pub(crate) fn to_string_within(value: Value<'_>, limits: &Limits) -> Result<String, JsonError> {
    let mut out = Vec::new();
    JsonWriter::new(&mut out, limits).value(value)?;
    // The writer writes whole strings and ASCII only, so this never replaces anything.
    Ok(String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
