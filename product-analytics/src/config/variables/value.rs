//! A variable's value, as serde reads it.

use std::fmt::Display;

use serde::de::{self, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use crate::config::errors::Invalid;
use crate::config::text::invalid::{invalid, no_word};

/// The text of a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'t>(pub(super) &'t str);

/// Why a value cannot be read.
#[derive(Debug)]
pub(super) struct InvalidValue(pub(super) Invalid);

impl std::error::Error for InvalidValue {}

impl Display for InvalidValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl de::Error for InvalidValue {
    fn custom<T: Display>(text: T) -> Self {
        let text = text.to_string();
        let (problem, fix) = text.split_once("; ").unwrap_or((&text, "see the documentation of product-analytics"));
        Self(Invalid { problem: problem.to_owned(), fix: fix.to_owned() })
    }

    /// What was expected is told as types of settings tell it: `a size; write bytes`.
    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        // Quotes are a file's: a variable's value has none.
        let expected = expected.to_string().replace('"', "");
        let (what, fix) = expected.split_once("; ").unwrap_or((&expected, "write it as the documentation shows"));
        match unexpected {
            Unexpected::Str(text) => Self(invalid(text, what, fix)),
            other => Self(Invalid { problem: format!("{other} is not {what}"), fix: fix.to_owned() }),
        }
    }
}

impl<'de> IntoDeserializer<'de, InvalidValue> for Value<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Value<'_> {
    fn number(self) -> Result<u64, InvalidValue> {
        self.0.parse().map_err(|_| {
            let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            match self.0.strip_prefix('-') {
                Some(number) if is_digits(number) => self.no_number("a number of at least 0", DIGITS),
                None if is_digits(self.0) => self.too_large(),
                _ => self.no_number("a whole number", DIGITS),
            }
        })
    }

    fn too_large(self) -> InvalidValue {
        self.no_number("a number that small", "write a smaller one")
    }

    fn no_number(self, what: &str, fix: &str) -> InvalidValue {
        InvalidValue(invalid(self.0, what, fix))
    }
}

const DIGITS: &str = "write digits only, as in 1000";

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = InvalidValue;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        visitor.visit_bool(boolean(self.0).map_err(InvalidValue)?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        match self.number()? {
            0 => visitor
                .visit_u64::<InvalidValue>(0)
                .map_err(|_| self.no_number("a number of at least 1", "write 1 or more")),
            number => visitor.visit_u64::<InvalidValue>(number).map_err(|_| self.too_large()),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        visitor.visit_f64(self.0.parse().map_err(|_| InvalidValue(invalid(self.0, "a number", "write it as in 0.5")))?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InvalidValue> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, InvalidValue> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InvalidValue> {
        if !variants.contains(&self.0) {
            return Err(InvalidValue(no_word(self.0, "one of its values", variants)));
        }
        let variant: de::value::StrDeserializer<'de, InvalidValue> = self.0.into_deserializer();
        visitor.visit_enum(variant)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// `true`, `1`, `false` or `0`, and nothing else.
pub(super) fn boolean(text: &str) -> Result<bool, Invalid> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(invalid(other, "a boolean", "use true, 1, false or 0")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_words_are_booleans() {
        assert_eq!(["true", "1", "false", "0"].map(|text| boolean(text).unwrap()), [true, true, false, false]);
        for text in ["yes", "True", "on", "", "2"] {
            assert!(boolean(text).is_err(), "{text}");
        }
    }
}
