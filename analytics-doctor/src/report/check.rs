//! One thing that was looked at.

use std::time::Duration;

use analytics_rules::display::OneLine;
use serde::{Serialize, Serializer};

/// How it is with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at, and what was found. It never holds a key.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    pub(crate) level: Level,
    #[serde(rename = "check")]
    pub(crate) name: &'static str,
    pub(crate) text: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<String>,
    #[serde(rename = "ms", serialize_with = "in_milliseconds", skip_serializing_if = "Option::is_none")]
    pub(crate) took: Option<Duration>,
}

impl Check {
    /// Something that is well.
    pub(crate) fn ok(name: &'static str, text: impl Into<String>) -> Self {
        Self { level: Level::Ok, name, text: one_line(text), fix: None, took: None }
    }

    /// Something that somebody should know of.
    pub(crate) fn warn(name: &'static str, text: impl Into<String>) -> Self {
        Self { level: Level::Warn, ..Self::ok(name, text) }
    }

    /// The same, as a failure.
    pub(super) fn failed(self) -> Self {
        Self { level: Level::Fail, ..self }
    }

    /// The same, with what to do about it.
    pub(crate) fn with_fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(one_line(fix)), ..self }
    }

    /// The same, with what to do about it where there is something.
    pub(crate) fn with_any_fix(self, fix: Option<impl Into<String>>) -> Self {
        match fix {
            Some(fix) => self.with_fix(fix),
            None => self,
        }
    }

    /// The same, with how long it took.
    pub(crate) fn took(self, took: Duration) -> Self {
        Self { took: Some(took), ..self }
    }
}

#[expect(clippy::ref_option, reason = "serde's signature")]
fn in_milliseconds<S: Serializer>(took: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    // Tenths are plenty, and read better than nanoseconds.
    took.map(|took| (took.as_secs_f64() * 10_000.0).round() / 10.0).serialize(serializer)
}

/// Parts of a text come from a server or a certificate.
fn one_line(text: impl Into<String>) -> String {
    OneLine::new(&text.into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_stays_on_its_line() {
        let check = Check::warn("tls", "for \u{1b}[2Ja\nb").with_fix("c\rd");
        assert_eq!((check.text.as_str(), check.fix.as_deref()), ("for \\u{1b}[2Ja\\nb", Some("c\\rd")));
    }
}
