//! Writes properties into a JSON object.

use std::borrow::Cow;
use std::fmt;

use super::{JsonError, JsonWriter, Limits, write_string};
use crate::encoding::{LeftOut, Refusal};
use crate::ledger::DropReason;
use crate::property::{Key, Property, PropertyVisitor, Value};

/// The visitor that writes properties as the members of a JSON object, commas and braces included.
///
/// ```
/// use analytics_core::json::{Limits, ObjectWriter};
/// use analytics_core::{DynamicEvent, Key, Properties, Value};
///
/// let mut out = Vec::new();
/// let mut event = ObjectWriter::new(&mut out, &Limits::default());
/// event.value(&Key::new("name"), Value::Str("report_exported"));
/// let mut properties = event.object("properties");
/// DynamicEvent::new("report_exported").with("pages", 3).visit_properties(&mut properties);
/// properties.finish()?;
/// event.finish()?;
/// assert_eq!(out, br#"{"name":"report_exported","properties":{"pages":3}}"#);
/// # Ok::<(), analytics_core::Refusal>(())
/// ```
///
/// A property with a number that JSON cannot carry is left out, and told of; a property that breaks a limit or fails to
/// serialize spoils the event.
#[derive(Debug)]
pub struct ObjectWriter<'o> {
    out: &'o mut Vec<u8>,
    limits: Limits,
    end: usize,
    written: usize,
    /// Whether a comma stands before the next member for certain; else `out` says whether one does.
    is_continued: bool,
    left_out: Vec<LeftOut>,
    spoiled: Option<Refusal>,
    brace: Brace,
}

/// What is to be done about an object's braces.
#[derive(Clone, Copy, Debug)]
enum Brace {
    /// They are the caller's.
    Foreign,
    /// The object is opened by its first member, under this key.
    Unopened(&'static str),
    /// The object is open, and closed at the end.
    Open,
}

impl<'o> ObjectWriter<'o> {
    /// A writer of an object, whose braces it writes itself. `out` may grow by [`Limits::bytes`].
    #[must_use]
    pub fn new(out: &'o mut Vec<u8>, limits: &Limits) -> Self {
        let end = out.len().saturating_add(limits.bytes);
        out.push(b'{');
        Self::within(out, limits, end, Brace::Open)
    }

    /// A writer of more members of the object that is open at the end of `out`, which it neither opens nor closes.
    /// `out` may grow by [`Limits::bytes`].
    #[must_use]
    pub fn members(out: &'o mut Vec<u8>, limits: &Limits) -> Self {
        let end = out.len().saturating_add(limits.bytes);
        Self::within(out, limits, end, Brace::Foreign)
    }

    /// As [`members`](Self::members), of which the only one is an [`object`](Self::object) under `key`.
    #[must_use]
    pub fn nested(out: &'o mut Vec<u8>, limits: &Limits, key: &'static str) -> Self {
        let end = out.len().saturating_add(limits.bytes);
        Self::within(out, limits, end, Brace::Unopened(key))
    }

    fn within(out: &'o mut Vec<u8>, limits: &Limits, end: usize, brace: Brace) -> Self {
        Self { out, limits: *limits, end, written: 0, is_continued: false, left_out: Vec::new(), spoiled: None, brace }
    }

    /// A writer of an object that is a member of this one, under `key`, which needs no escapes. Without members there
    /// is no such object either. It may have as many properties as this one, and ends at this one's last byte.
    #[must_use]
    pub fn object(&mut self, key: &'static str) -> ObjectWriter<'_> {
        ObjectWriter::within(self.out, &self.limits, self.end, Brace::Unopened(key))
    }

    /// The properties that were left out.
    ///
    /// # Errors
    /// Why the whole event has to be dropped.
    pub fn finish(self) -> Result<Vec<LeftOut>, Refusal> {
        if let Brace::Open = self.brace {
            self.out.push(b'}');
        }
        self.spoiled.map_or(Ok(self.left_out), Err)
    }

    /// Writes `value` under `key`.
    pub fn value(&mut self, key: &Key<'_>, value: Value<'_>) {
        self.visit(&Property::new(key, value));
    }

    /// Leaves out the property `key` for the reason that `why` tells a developer.
    pub fn leave_out(&mut self, key: &str, why: impl Into<Cow<'static, str>>) {
        self.left_out.push(LeftOut::new(key, why));
    }

    /// Leaves out a property that could not be written, or spoils the event.
    #[cold]
    fn not_written(&mut self, key: &str, error: &JsonError) {
        let limit = format_args!("over the limit of {} bytes", self.limits.bytes);
        let cause: &dyn fmt::Display = if *error == JsonError::TooLarge { &limit } else { error };
        match error.drop_reason() {
            Some(reason) => self.spoiled = Some(Refusal::for_property(key, reason, cause)),
            None => self.left_out.push(LeftOut::new(key, error.to_string())),
        }
    }

    fn open(&mut self) {
        if let Brace::Unopened(key) = self.brace {
            write_comma(self.out);
            self.out.push(b'"');
            self.out.extend_from_slice(key.as_bytes());
            self.out.extend_from_slice(b"\":{");
            self.brace = Brace::Open;
        }
    }

    fn member(&mut self, property: &Property<'_>) -> Result<(), JsonError> {
        let key = property.key();
        self.out.reserve(key.name().len() + 4);
        if self.is_continued {
            self.out.push(b',');
        } else {
            write_comma(self.out);
        }
        if key.is_plain() {
            self.out.push(b'"');
            self.out.extend_from_slice(key.name().as_bytes());
            self.out.extend_from_slice(b"\":");
        } else {
            write_string(self.out, key.name());
            self.out.push(b':');
        }
        let bytes = self.end.saturating_sub(self.out.len());
        let mut writer = JsonWriter::new(self.out, &Limits { bytes, ..self.limits });
        match property.json() {
            Some(json) => writer.raw(json),
            None => writer.value(property.value()),
        }
    }
}

impl PropertyVisitor for ObjectWriter<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        if self.spoiled.is_some() || matches!(property.value(), Value::Null) {
            return;
        }
        let (key, limits) = (property.key().name(), self.limits);
        if self.written == limits.properties {
            let why = format!("more than {} properties", limits.properties);
            self.spoiled = Some(Refusal::new(DropReason::TooLarge, why));
            return;
        }
        if key.len() > limits.key_bytes {
            let why = format!("a key of {} bytes, the limit is {}", key.len(), limits.key_bytes);
            self.spoiled = Some(Refusal::new(DropReason::TooLarge, why));
            return;
        }
        let (before, brace) = (self.out.len(), self.brace);
        self.open();
        match self.member(property) {
            Ok(()) => {
                self.written += 1;
                self.is_continued = true;
            }
            Err(error) => {
                // An object without a member is not there either.
                self.out.truncate(before);
                self.brace = brace;
                self.not_written(key, &error);
            }
        }
    }
}

/// Appends a comma, unless `out` ends in the brace or the bracket after which an object's or a list's first part
/// stands, or is empty.
#[inline]
pub fn write_comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), None | Some(b'{' | b'[')) {
        out.push(b',');
    }
}
