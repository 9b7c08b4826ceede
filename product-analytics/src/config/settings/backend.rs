//! Where events can go.

use crate::config::text::parse::Keyword;

/// Where events can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// `auto`: PostHog if there is a project key, else nowhere.
    Auto,
    /// `posthog`: PostHog; a project key must be set. Needs the cargo feature `posthog`, which is on by default.
    PostHog,
    /// `noop`: nowhere. Stands alone.
    Noop,
    /// `log`: one line for each event, through `tracing`. Needs the cargo feature `log`.
    Log,
    /// `inspector`: a local `analytics-inspector`, through the PostHog backend and without a project key. Needs the
    /// cargo feature `inspector`.
    Inspector,
}

impl Backend {
    /// The name in the environment and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.word()
    }

    /// The cargo feature that is missing for this backend.
    pub(crate) fn missing_feature(self) -> Option<&'static str> {
        let (feature, is_compiled_in) = match self {
            Self::Auto | Self::Noop => return None,
            Self::PostHog => ("posthog", cfg!(feature = "posthog")),
            Self::Log => ("log", cfg!(feature = "log")),
            Self::Inspector => ("inspector", cfg!(feature = "inspector")),
        };
        (!is_compiled_in).then_some(feature)
    }
}

impl Keyword for Backend {
    const WHAT: &'static str = "a backend";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("auto", Self::Auto),
        ("posthog", Self::PostHog),
        ("noop", Self::Noop),
        ("log", Self::Log),
        ("inspector", Self::Inspector),
    ];
}

/// The names in a list that is separated by commas.
pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

/// Backends as one text, separated by commas, or as a list of names.
pub(super) mod list {
    use std::fmt;

    use serde::de::{Deserializer, Error, SeqAccess, Visitor};
    use serde::ser::Serializer;

    use super::{Backend, names};
    use crate::config::text::parse::word;

    pub(in crate::config) fn serialize<S: Serializer>(backends: &[Backend], serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<_> = backends.iter().map(|backend| backend.name()).collect();
        serializer.serialize_str(&names.join(","))
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Backend>, D::Error> {
        deserializer.deserialize_any(Names)
    }

    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<Backend>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a backend or several")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            names(text).map(|name| word(name).map_err(E::custom)).collect()
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
            let mut backends = Vec::new();
            while let Some(name) = sequence.next_element::<String>()? {
                backends.push(word(name.trim()).map_err(A::Error::custom)?);
            }
            Ok(backends)
        }
    }
}
