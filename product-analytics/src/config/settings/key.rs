//! A key that is not shown.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// PostHog's key of a project, as it was set: `phc_…`. Whether it can be one is checked when a configuration is
/// built.
///
/// `Debug` does not show it, and a configuration that is serialized is without it.
#[derive(Clone)]
pub struct ProjectKey {
    text: String,
    /// Which variable it came from, if it came from one.
    variable: Option<&'static str>,
}

impl ProjectKey {
    pub(crate) fn from_variable(variable: &'static str, text: String) -> Self {
        Self { text, variable: Some(variable) }
    }

    /// Whether there is more to it than space.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    #[cfg(feature = "posthog")]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    #[cfg(any(feature = "log", feature = "posthog"))]
    pub(crate) fn variable(&self) -> Option<&'static str> {
        self.variable
    }
}

impl<'de> Deserialize<'de> for ProjectKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Equal if the text is.
impl PartialEq for ProjectKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ProjectKey {}

impl From<String> for ProjectKey {
    fn from(text: String) -> Self {
        Self { text, variable: None }
    }
}

impl From<&str> for ProjectKey {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectKey").field("variable", &self.variable).finish_non_exhaustive()
    }
}
