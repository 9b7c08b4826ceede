//! Durations and sizes as files write them.

/// `"5s"`, `"250ms"`, `"1h 30m"`.
#[expect(clippy::ref_option, reason = "serde's signature")]
pub(super) mod duration {
    use std::time::Duration;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    use crate::parse;

    pub(in crate::config) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(|duration| humantime::format_duration(duration).to_string()).serialize(serializer)
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| parse::duration(&text).map_err(D::Error::custom)).transpose()
    }
}

/// `"8MiB"`, `"64KiB"`, `"1048576"`, `1048576`.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(super) mod size {
    use std::fmt;
    use std::num::NonZeroUsize;

    use serde::de::{Deserialize, Deserializer, Error, Visitor};
    use serde::ser::{Serialize, Serializer};

    use crate::parse;

    pub(in crate::config) fn serialize<S: Serializer>(
        bytes: &Option<NonZeroUsize>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.map(parse::size_text).serialize(serializer)
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NonZeroUsize>, D::Error> {
        Ok(Option::<Size>::deserialize(deserializer)?.map(|size| size.0))
    }

    struct Size(NonZeroUsize);

    impl<'de> Deserialize<'de> for Size {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Text)
        }
    }

    struct Text;

    impl Visitor<'_> for Text {
        type Value = Size;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number of bytes, or a text like 8MiB")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Size, E> {
            parse::size(text).map(Size).map_err(E::custom)
        }

        fn visit_u64<E: Error>(self, bytes: u64) -> Result<Size, E> {
            self.visit_str(&bytes.to_string())
        }

        fn visit_i64<E: Error>(self, bytes: i64) -> Result<Size, E> {
            self.visit_str(&bytes.to_string())
        }
    }
}
