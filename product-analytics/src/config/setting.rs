//! Settings that messages speak of, as the environment and as a file call them.

use std::fmt;

/// One setting and its two names.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) variable: &'static str,
    pub(crate) field: &'static str,
}

/// By which of its two names a setting is called when there is something to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// The configuration came from the environment.
    Variables,
    /// The configuration came from a file or from code.
    Fields,
}

// Those that messages speak of.
pub(crate) const BACKEND: Setting = Setting { variable: "ANALYTICS_BACKEND", field: "backend" };
pub(crate) const DISABLED: Setting = Setting { variable: "ANALYTICS_DISABLED", field: "disabled" };
pub(crate) const REQUIRED: Setting = Setting { variable: "ANALYTICS_REQUIRED", field: "required" };
pub(crate) const ENVIRONMENT: Setting = Setting { variable: "ANALYTICS_ENVIRONMENT", field: "environment" };
pub(crate) const SOURCE: Setting = Setting { variable: "ANALYTICS_SOURCE", field: "source" };
#[cfg(feature = "posthog")]
pub(crate) const INSPECTOR_URL: Setting = Setting { variable: "ANALYTICS_INSPECTOR_URL", field: "inspector_url" };
pub(crate) const KEY: Setting = Setting { variable: "POSTHOG_PROJECT_TOKEN", field: "posthog.key" };
pub(crate) const HOST: Setting = Setting { variable: "POSTHOG_HOST", field: "posthog.host" };
#[cfg(feature = "posthog")]
pub(crate) const PROTOCOL: Setting = Setting { variable: "ANALYTICS_PROTOCOL", field: "posthog.protocol" };
#[cfg(feature = "posthog")]
pub(crate) const COMPRESSION: Setting = Setting { variable: "ANALYTICS_COMPRESSION", field: "posthog.compression" };
#[cfg(feature = "posthog")]
pub(crate) const VERIFY_KEY: Setting = Setting { variable: "ANALYTICS_VERIFY_KEY", field: "posthog.verify_key" };
#[cfg(feature = "posthog")]
pub(crate) const ALLOW_HTTP: Setting = Setting { variable: "ANALYTICS_ALLOW_HTTP", field: "posthog.allow_http" };
#[cfg(feature = "posthog")]
pub(crate) const ALLOW_IN_TESTS: Setting =
    Setting { variable: "ANALYTICS_ALLOW_IN_TESTS", field: "posthog.allow_in_tests" };

#[cfg(test)]
#[cfg(feature = "posthog")]
pub(crate) const NAMED: &[&Setting] = &[
    &BACKEND,
    &DISABLED,
    &REQUIRED,
    &ENVIRONMENT,
    &SOURCE,
    &INSPECTOR_URL,
    &KEY,
    &HOST,
    &PROTOCOL,
    &COMPRESSION,
    &VERIFY_KEY,
    &ALLOW_HTTP,
    &ALLOW_IN_TESTS,
];

/// The beginning of the names that are this crate's own: one that is not known is told of.
pub(crate) const PREFIX: &str = "ANALYTICS_";

/// The extra headers, which no variable sets: a header's value is often a secret of another kind than a key.
#[cfg(feature = "posthog")]
pub(crate) const HEADERS_FIELD: &str = "posthog.headers";

/// The variables that hold the project key, the first that is set before the others.
pub(crate) const KEY_VARIABLES: [&str; 3] = [KEY.variable, "POSTHOG_API_KEY", "POSTHOG_PROJECT_API_KEY"];

/// The variable by which a machine's owner says that nothing may be tracked, whatever the program.
pub(crate) const DO_NOT_TRACK: &str = "DO_NOT_TRACK";

impl Naming {
    /// The setting's name.
    pub(crate) fn name(self, setting: &Setting) -> &'static str {
        match self {
            Self::Variables => setting.variable,
            Self::Fields => setting.field,
        }
    }

    /// How to give the setting a value: `ANALYTICS_BACKEND=log`, or `backend = "log"`.
    pub(crate) fn assign(self, setting: &Setting, value: &str) -> impl fmt::Display {
        match self {
            Self::Variables => format!("{}={value}", setting.variable),
            Self::Fields if value == "true" => format!("{} = {value}", setting.field),
            Self::Fields => format!("{} = \"{value}\"", setting.field),
        }
    }
}
