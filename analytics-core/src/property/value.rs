//! A property's value, borrowed.

use std::fmt::{self, Write as _};
use std::time::SystemTime;

use super::{JsonSource, Properties, PropertyVisitor};
use crate::json::{self, JsonError};

/// A property's value, borrowed from whoever has it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Value<'a> {
    /// No value: written as `null` inside lists and JSON, left out as a property.
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
    /// A number of single precision, written with as many digits as it has.
    F32(f32),
    /// A number.
    F64(f64),
    /// A string.
    Str(&'a str),
    /// A string that is written by its `Display`, without being built.
    Display(&'a dyn fmt::Display),
    /// A moment, written as RFC 3339 in UTC with milliseconds.
    Time(SystemTime),
    /// A list.
    List(&'a dyn ValueList),
    /// A nested object.
    Object(&'a dyn Properties),
    /// Something that writes itself as JSON.
    Json(&'a dyn JsonSource),
}

/// A list of values. Implemented for slices, arrays, `Vec`, `Box<[T]>` and `Arc<[T]>` of property values.
pub trait ValueList {
    /// Shows every value in order; an absent one as [`Value::Null`].
    fn visit_values(&self, visit: &mut dyn FnMut(Value<'_>));
}

/// What `value` displays; one that fails is an error, where `to_string` would panic.
pub(super) fn displayed(value: &dyn fmt::Display) -> Result<String, JsonError> {
    let mut text = String::new();
    match write!(text, "{value}") {
        Ok(()) => Ok(text),
        Err(_) => Err(JsonError::display_failed()),
    }
}

/// The form that people read: strings bare where they are one word, everything else as JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A string that would read as something else is no bare word: "2" is not 2.
        let one_word = |text: &str| {
            let clean = |c: char| !c.is_whitespace() && !c.is_control() && !"\"\\=[]{},".contains(c);
            let is_literal = || matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok();
            !text.is_empty() && text.chars().all(clean) && !is_literal()
        };
        match self {
            Self::Str(text) if one_word(text) => f.write_str(text),
            Self::Display(value) if displayed(*value).is_ok_and(|text| one_word(&text)) => write!(f, "{value}"),
            value => match json::to_string(*value) {
                Ok(text) => f.write_str(&text),
                Err(error) => write!(f, "<{error}>"),
            },
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Str(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<SystemTime> for Value<'_> {
    fn from(value: SystemTime) -> Self {
        Self::Time(value)
    }
}

macro_rules! from_number {
    ($($variant:ident($wide:ty): $($narrow:ty)*;)*) => { $($(
        impl From<$narrow> for Value<'_> {
            #[allow(clippy::cast_lossless, reason = "one macro for all widths, each of which fits")]
            fn from(value: $narrow) -> Self {
                Self::$variant(value as $wide)
            }
        }
    )*)* };
}

from_number! {
    Bool(bool): bool;
    I64(i64): i8 i16 i32 i64 isize;
    U64(u64): u8 u16 u32 u64 usize;
    I128(i128): i128;
    U128(u128): u128;
    F32(f32): f32;
    F64(f64): f64;
}

/// A property that is absent, for values that visit nothing.
impl Properties for Option<&dyn Properties> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        if let Some(properties) = self {
            properties.visit_properties(visitor);
        }
    }
}
