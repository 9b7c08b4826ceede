//! How sizes and durations are written in files and variables: for `#[serde(with = "…")]`.
//!
//! What cannot be read is told as what was expected, then a semicolon, then how to write it.

use std::fmt;
use std::num::IntErrorKind;

use serde::de::{Error, Unexpected, Visitor};

/// A time that is not nothing: `"5s"`, `"250ms"`, `"1h 30m"`.
pub mod duration {
    use std::fmt;
    use std::time::Duration;

    use serde::de::{Deserializer, Error, Expected, Unexpected, Visitor};
    use serde::ser::Serializer;

    /// Writes the duration with its units.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_duration(*duration))
    }

    /// Reads a duration with its units.
    ///
    /// # Errors
    /// If it is none, or nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        deserializer.deserialize_str(Text)
    }

    struct Text;

    impl Visitor<'_> for Text {
        type Value = Duration;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a duration; write a number with a unit, as in \"5s\", \"250ms\" or \"1h 30m\"")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
            let invalid = |expected: &dyn Expected| E::invalid_value(Unexpected::Str(text), expected);
            match humantime::parse_duration(text) {
                Ok(duration) if duration.is_zero() => Err(invalid(&"longer than no time; write \"1ms\" or more")),
                Ok(duration) => Ok(duration),
                Err(humantime::DurationError::NumberOverflow) => {
                    Err(invalid(&"a duration that can be counted; write it as in \"250ms\" or \"1h 30m\""))
                }
                Err(_) => Err(invalid(&self)),
            }
        }
    }
}

/// A number of bytes, at least one: `"8MiB"`, `"64KiB"`, `"1048576"`, `1048576`.
pub mod size {
    use std::num::NonZeroUsize;

    use serde::de::Deserializer;
    use serde::ser::Serializer;

    use super::Bytes;

    /// Writes the size in the largest unit that needs no fraction.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(bytes: &NonZeroUsize, serializer: S) -> Result<S::Ok, S::Error> {
        super::threshold::serialize(&bytes.get(), serializer)
    }

    /// Reads a size.
    ///
    /// # Errors
    /// If it is none, or 0.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NonZeroUsize, D::Error> {
        deserializer.deserialize_any(Bytes { read: NonZeroUsize::new, example: "\"8MiB\"" })
    }
}

/// A number of bytes from which on something is done: as a [`size`], and `0`.
pub mod threshold {
    use serde::de::Deserializer;
    use serde::ser::Serializer;

    use super::Bytes;

    /// Writes the size in the largest unit that needs no fraction.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(bytes: &usize, serializer: S) -> Result<S::Ok, S::Error> {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
        match units.iter().find(|(shift, _)| *bytes != 0 && bytes.trailing_zeros() >= *shift) {
            Some((shift, unit)) => serializer.collect_str(&format_args!("{}{unit}", bytes >> shift)),
            None => serializer.collect_str(bytes),
        }
    }

    /// Reads a size or 0.
    ///
    /// # Errors
    /// If it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(Bytes { read: Some, example: "\"1KiB\", or 0" })
    }
}

/// A number of bytes, as a number or as a text.
struct Bytes<T> {
    read: fn(usize) -> Option<T>,
    example: &'static str,
}

impl<T> Visitor<'_> for Bytes<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a size; write bytes, or a unit of KiB, MiB or GiB, as in {}", self.example)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.of(bytes(text), Unexpected::Str(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.of(Some(number.into()), Unexpected::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.of(u128::try_from(number).ok(), Unexpected::Signed(number))
    }
}

impl<T> Bytes<T> {
    /// What so many bytes are read as; `None` is a text or a number that says none.
    fn of<E: Error>(&self, bytes: Option<u128>, unexpected: Unexpected<'_>) -> Result<T, E> {
        let Some(bytes) = bytes else { return Err(E::invalid_value(unexpected, self)) };
        let Ok(bytes) = usize::try_from(bytes) else {
            let expected = "a size that this machine can count; write a smaller one, as \"8MiB\"";
            return Err(E::invalid_value(unexpected, &expected));
        };
        (self.read)(bytes).ok_or_else(|| E::invalid_value(unexpected, &"at least one byte; write \"1\" or more"))
    }
}

/// The number of bytes that a text says, however large.
fn bytes(text: &str) -> Option<u128> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_bytes = match unit.trim_start() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    let number = match number.parse::<u128>() {
        Ok(number) => number,
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => u128::MAX,
        Err(_) => return None,
    };
    Some(number.saturating_mul(unit_bytes))
}

#[cfg(test)]
mod tests;
