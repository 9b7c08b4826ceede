//! Writes values and properties into a buffer.

use std::fmt::Write as _;

use super::{JsonError, Limits, text, write_string, write_time};
use crate::property::{Properties, Property, PropertyVisitor, Value};

/// A buffer beyond this is large.
const LARGE: usize = 64 << 10;
/// A large buffer grows to this at once, or to the limit.
const LARGEST: usize = 1 << 20;

/// Writes JSON values into a buffer, and stops at the limits.
#[derive(Debug)]
pub struct JsonWriter<'o> {
    pub(super) out: &'o mut Vec<u8>,
    /// The length at which `out` is full.
    end: usize,
    /// The limit of levels.
    depth: usize,
    levels_left: usize,
    /// Calls of a `Serialize` within another that may come: some make no level that is seen, and all take stack.
    calls_left: usize,
}

/// Calls that one level may take: an option of a newtype of an enum's variant.
const CALLS_PER_LEVEL: usize = 4;

impl<'o> JsonWriter<'o> {
    /// A writer that appends to `out`, which may grow by [`Limits::bytes`].
    #[must_use]
    pub fn new(out: &'o mut Vec<u8>, limits: &Limits) -> Self {
        let end = out.len().saturating_add(limits.bytes);
        let calls_left = limits.depth.saturating_mul(CALLS_PER_LEVEL);
        Self { out, end, depth: limits.depth, levels_left: limits.depth, calls_left }
    }

    /// Writes `value`. What was written before an error is left for the caller to cut off.
    ///
    /// # Errors
    /// If `value` is too large or too deep, holds a number that JSON cannot carry, or fails to serialize.
    #[inline]
    pub fn value(&mut self, value: Value<'_>) -> Result<(), JsonError> {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(value) => self.raw(if value { "true" } else { "false" }),
            Value::I64(value) => self.integer(value),
            Value::U64(value) => self.integer(value),
            Value::I128(value) => self.integer(value),
            Value::U128(value) => self.integer(value),
            Value::F32(value) => self.float(value.is_finite(), &value),
            Value::F64(value) => self.float(value.is_finite(), &value),
            Value::Str(text) => self.string(text),
            Value::Display(value) => self.display(value),
            Value::Time(at) => {
                self.room(26)?;
                self.out.push(b'"');
                write_time(self.out, at);
                self.out.push(b'"');
                Ok(())
            }
            Value::List(list) => self.list(list),
            Value::Object(object) => self.object(object),
            Value::Json(source) => source.write_json(self),
        }
    }

    /// Writes `json`, which this crate has written or read before.
    #[inline]
    pub(crate) fn raw(&mut self, json: &str) -> Result<(), JsonError> {
        self.room(json.len())?;
        self.out.extend_from_slice(json.as_bytes());
        Ok(())
    }

    pub(super) fn integer(&mut self, value: impl itoa::Integer) -> Result<(), JsonError> {
        self.raw(itoa::Buffer::new().format(value))
    }

    pub(super) fn float(&mut self, is_finite: bool, value: &impl serde::Serialize) -> Result<(), JsonError> {
        if !is_finite {
            return Err(JsonError::NotFinite);
        }
        self.room(1)?;
        serde_json::to_writer(&mut *self.out, value).map_err(|error| JsonError::Failed(error.to_string()))
    }

    pub(super) fn string(&mut self, text: &str) -> Result<(), JsonError> {
        // A long text is looked through before, so that what is refused is not written.
        let len = if text.len() > LARGE { text::escaped_len(text) } else { text.len() };
        self.room(len.saturating_add(2))?;
        write_string(self.out, text);
        Ok(())
    }

    pub(super) fn display(&mut self, value: &dyn std::fmt::Display) -> Result<(), JsonError> {
        self.room(2)?;
        self.out.push(b'"');
        let mut escaping = text::Escaping { out: self.out, end: self.end, is_full: false };
        if write!(escaping, "{value}").is_err() {
            let is_full = escaping.is_full;
            return Err(if is_full { JsonError::TooLarge } else { JsonError::display_failed() });
        }
        self.out.push(b'"');
        Ok(())
    }

    fn list(&mut self, list: &dyn crate::property::ValueList) -> Result<(), JsonError> {
        self.open(b'[')?;
        let mut result = Ok(());
        let mut first = true;
        list.visit_values(&mut |value| {
            if result.is_ok() {
                result = self.separate(&mut first).and_then(|()| self.value(value));
            }
        });
        result?;
        self.close(b']')
    }

    fn object(&mut self, object: &dyn Properties) -> Result<(), JsonError> {
        struct Members<'w, 'o> {
            writer: &'w mut JsonWriter<'o>,
            first: bool,
            result: Result<(), JsonError>,
        }

        impl PropertyVisitor for Members<'_, '_> {
            fn visit(&mut self, property: &Property<'_>) {
                if self.result.is_ok() {
                    self.result = self
                        .writer
                        .separate(&mut self.first)
                        .and_then(|()| self.writer.string(property.key().name()))
                        .and_then(|()| self.writer.raw(":"))
                        .and_then(|()| self.writer.value(property.value()));
                }
            }
        }

        self.open(b'{')?;
        let mut members = Members { writer: &mut *self, first: true, result: Ok(()) };
        object.visit_properties(&mut members);
        members.result?;
        self.close(b'}')
    }

    pub(super) fn open(&mut self, bracket: u8) -> Result<(), JsonError> {
        self.levels_left = self.levels_left.checked_sub(1).ok_or(JsonError::TooDeep(self.depth))?;
        self.room(1)?;
        self.out.push(bracket);
        Ok(())
    }

    pub(super) fn close(&mut self, bracket: u8) -> Result<(), JsonError> {
        self.levels_left += 1;
        self.room(1)?;
        self.out.push(bracket);
        Ok(())
    }

    pub(super) fn separate(&mut self, first: &mut bool) -> Result<(), JsonError> {
        if std::mem::replace(first, false) {
            return Ok(());
        }
        self.raw(",")
    }

    /// Serializes a value that is wrapped in another without a level of its own.
    pub(super) fn wrapped(&mut self, value: &(impl serde::Serialize + ?Sized)) -> Result<(), JsonError> {
        self.calls_left = self.calls_left.checked_sub(1).ok_or(JsonError::TooDeep(self.depth))?;
        value.serialize(&mut *self)?;
        self.calls_left += 1;
        Ok(())
    }

    /// Makes sure that there is room for `bytes`. A large buffer grows to the limit at once and not beyond it, so that
    /// an event that is refused has not taken twice as much.
    fn room(&mut self, bytes: usize) -> Result<(), JsonError> {
        let needed = self.out.len().saturating_add(bytes);
        if needed > self.end {
            return Err(JsonError::TooLarge);
        }
        if needed > self.out.capacity() && needed > LARGE {
            let doubled = self.out.capacity().saturating_mul(2).max(LARGEST);
            self.out.reserve_exact(doubled.max(needed).min(self.end) - self.out.len());
        }
        Ok(())
    }
}
