//! What is wrong with a configuration, all of it.

use std::fmt;

/// One thing that is wrong with a configuration.
///
/// It displays as `ANALYTICS_DISABLED: "yes" is not a boolean; use true, 1, false or 0`. It never holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    setting: String,
    problem: String,
    fix: String,
    /// The variable that was meant, if the setting is none.
    meant: Option<String>,
}

impl ConfigError {
    /// What to change: the variable's name if the configuration came from the environment, else the field's, as
    /// `delivery.queue_bytes`.
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.setting
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.setting, self.problem, self.fix)
    }
}

impl std::error::Error for ConfigError {}

/// Everything that is wrong with a configuration: at least one [`ConfigError`].
///
/// It displays as one line for each of them. `Debug` is the same, because that is what a `main` that returns it
/// prints.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// All of them: variables that were not meant so first, then what cannot be read, then what does not fit together.
    #[must_use]
    pub fn errors(&self) -> &[ConfigError] {
        &self.0
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = if self.0.len() == 1 { "problem" } else { "problems" };
        write!(f, "analytics: {} {problems} in the configuration", self.0.len())?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl fmt::Debug for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigErrors {}

/// Where problems are collected while a configuration is read and checked.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<ConfigError>);

/// A value that cannot be used, and what to write instead.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub(crate) problem: String,
    pub(crate) fix: String,
}

impl Invalid {
    /// From a backend's own error, which displays as the problem, a semicolon and the fix.
    #[cfg(feature = "posthog")]
    pub(crate) fn from_error(error: &dyn std::error::Error) -> Self {
        let text = error.to_string();
        let (problem, fix) = text.split_once("; ").unwrap_or((&text, "see the documentation of analytics-posthog"));
        Self { problem: problem.to_owned(), fix: fix.to_owned() }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem, self.fix)
    }
}

impl Problems {
    pub(crate) fn add(&mut self, setting: impl Into<String>, problem: impl fmt::Display, fix: impl fmt::Display) {
        let (problem, fix) = (problem.to_string(), fix.to_string());
        self.0.push(ConfigError { setting: setting.into(), problem, fix, meant: None });
    }

    /// Adds a variable that was meant to be `meant`.
    pub(crate) fn add_mistaken(&mut self, name: String, meant: String, Invalid { problem, fix }: Invalid) {
        self.0.push(ConfigError { setting: name, problem, fix, meant: Some(meant) });
    }

    pub(crate) fn add_invalid(&mut self, setting: impl Into<String>, Invalid { problem, fix }: Invalid) {
        self.add(setting, problem, fix);
    }

    /// Whether something was wrong with this setting, or meant to be it, so that what follows from it need not be said
    /// as well.
    pub(crate) fn concern(&self, setting: &str) -> bool {
        self.0.iter().any(|error| error.setting == setting || error.meant.as_deref() == Some(setting))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value`, if nothing was wrong.
    pub(crate) fn none_or<T>(self, value: T) -> Result<T, ConfigErrors> {
        if self.is_empty() { Ok(value) } else { Err(ConfigErrors(self.0)) }
    }
}
