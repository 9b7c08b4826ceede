//! A key that is not shown.

use std::fmt;

use serde::Deserialize;

/// PostHog's key of a project, as it was set: `phc_…`. Whether it can be one is checked when a configuration is
/// built.
///
/// `Debug` does not show it, and a configuration that is serialized is without it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ProjectKey(String);

impl ProjectKey {
    /// The key itself.
    pub(crate) fn text(&self) -> &str {
        self.0.trim()
    }
}

impl From<String> for ProjectKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ProjectKey {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProjectKey(…)")
    }
}
