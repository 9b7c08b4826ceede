//! Where events can go.

use analytics_rules::UnknownWord;

use crate::config::errors::Invalid;
use crate::config::text::invalid::no_word;

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

analytics_rules::keywords! {
    Backend { Auto = "auto", PostHog = "posthog", Noop = "noop", Log = "log", Inspector = "inspector" }
}

impl Backend {
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

/// A backend, spelled exactly.
pub(crate) fn parse(text: &str) -> Result<Backend, Invalid> {
    text.parse().map_err(|unknown: UnknownWord| no_word(text, "a backend", unknown.words()))
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

    use super::{Backend, names, parse};

    pub(in crate::config) fn serialize<S: Serializer>(backends: &[Backend], serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<_> = backends.iter().map(|backend| backend.as_str()).collect();
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
            names(text).map(|name| parse(name).map_err(E::custom)).collect()
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
            let mut backends = Vec::new();
            while let Some(name) = sequence.next_element::<String>()? {
                backends.push(parse(name.trim()).map_err(A::Error::custom)?);
            }
            Ok(backends)
        }
    }
}
