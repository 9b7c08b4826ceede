//! Durations and sizes as files write them.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

use crate::config::errors::Invalid;

/// `"5s"`, `"250ms"`, `"1h 30m"`.
#[expect(clippy::ref_option, reason = "serde's signature")]
pub(crate) mod duration {
    use std::time::Duration;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    use crate::config::text::parse;

    pub(crate) fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        duration.map(|duration| humantime::format_duration(duration).to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| parse::duration(&text).map_err(D::Error::custom)).transpose()
    }
}

/// `"8MiB"`, `"64KiB"`, `"1048576"`, `1048576`.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(crate) mod size {
    use std::num::NonZeroUsize;

    use serde::de::Deserializer;
    use serde::ser::{Serialize, Serializer};

    use super::Bytes;
    use crate::config::text::parse;

    pub(crate) fn serialize<S: Serializer>(bytes: &Option<NonZeroUsize>, serializer: S) -> Result<S::Ok, S::Error> {
        bytes.map(|bytes| parse::size_text(bytes.get())).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NonZeroUsize>, D::Error> {
        deserializer.deserialize_option(Bytes(parse::size))
    }
}

/// The same, and `0`.
#[expect(clippy::ref_option, reason = "serde's signature")]
pub(crate) mod threshold {
    use serde::de::Deserializer;
    use serde::ser::{Serialize, Serializer};

    use super::Bytes;
    use crate::config::text::parse;

    pub(crate) fn serialize<S: Serializer>(bytes: &Option<usize>, serializer: S) -> Result<S::Ok, S::Error> {
        bytes.map(parse::size_text).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_option(Bytes(parse::threshold))
    }
}

/// A number of bytes or nothing, as a number or as a text for this parser.
struct Bytes<T>(fn(&str) -> Result<T, Invalid>);

impl<'de, T> Visitor<'de> for Bytes<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of bytes, or a text like 8MiB")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        (self.0)(text).map(Some).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, bytes: u64) -> Result<Self::Value, E> {
        self.visit_str(&bytes.to_string())
    }

    fn visit_i64<E: Error>(self, bytes: i64) -> Result<Self::Value, E> {
        self.visit_str(&bytes.to_string())
    }
}
