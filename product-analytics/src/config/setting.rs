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

macro_rules! settings {
    ($($(#[$cfg:meta])? $name:ident $variable:literal $field:literal)*) => {
        $($(#[$cfg])? pub(crate) const $name: Setting = Setting { variable: $variable, field: $field };)*
        #[cfg(test)]
        #[cfg(feature = "posthog")]
        pub(crate) const NAMED: &[Setting] = &[$($name),*];
    };
}

settings! {
    BACKEND "ANALYTICS_BACKEND" "backend"
    DISABLED "ANALYTICS_DISABLED" "disabled"
    REQUIRED "ANALYTICS_REQUIRED" "required"
    ENVIRONMENT "ANALYTICS_ENVIRONMENT" "environment"
    SOURCE "ANALYTICS_SOURCE" "source"
    #[cfg(feature = "posthog")] INSPECTOR_URL "ANALYTICS_INSPECTOR_URL" "inspector_url"
    KEY "POSTHOG_PROJECT_TOKEN" "posthog.key"
    KEY_FILE "POSTHOG_PROJECT_TOKEN_FILE" "posthog.key_file"
    HOST "POSTHOG_HOST" "posthog.host"
    #[cfg(feature = "posthog")] PROTOCOL "ANALYTICS_PROTOCOL" "posthog.protocol"
    #[cfg(feature = "posthog")] COMPRESSION "ANALYTICS_COMPRESSION" "posthog.compression"
    #[cfg(feature = "posthog")] VERIFY_KEY "ANALYTICS_VERIFY_KEY" "posthog.verify_key"
    #[cfg(feature = "posthog")] ALLOW_HTTP "ANALYTICS_ALLOW_HTTP" "posthog.allow_http"
    #[cfg(feature = "posthog")] ALLOW_IN_TESTS "ANALYTICS_ALLOW_IN_TESTS" "posthog.allow_in_tests"
}

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
