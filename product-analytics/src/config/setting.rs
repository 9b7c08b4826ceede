//! The settings, as the environment and as a file call them.

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
    ($($name:ident $variable:literal $field:literal)*) => {
        $(pub(crate) const $name: Setting = Setting { variable: $variable, field: $field };)*
        pub(crate) const ALL: &[Setting] = &[$($name),*];
    };
}

settings! {
    BACKEND         "ANALYTICS_BACKEND"         "backend"
    DISABLED        "ANALYTICS_DISABLED"        "disabled"
    REQUIRED        "ANALYTICS_REQUIRED"        "required"
    ENVIRONMENT     "ANALYTICS_ENVIRONMENT"     "environment"
    SOURCE          "ANALYTICS_SOURCE"          "source"
    INSPECTOR_URL   "ANALYTICS_INSPECTOR_URL"   "inspector_url"
    KEY             "POSTHOG_PROJECT_TOKEN"     "posthog.key"
    HOST            "POSTHOG_HOST"              "posthog.host"
    PROTOCOL        "ANALYTICS_PROTOCOL"        "posthog.protocol"
    COMPRESSION     "ANALYTICS_COMPRESSION"     "posthog.compression"
    COMPRESS_FROM   "ANALYTICS_COMPRESS_FROM"   "posthog.compress_from"
    SUSPECT_ANSWERS "ANALYTICS_SUSPECT_ANSWERS" "posthog.suspect_answers"
    PERSON_PROFILES "ANALYTICS_PERSON_PROFILES" "posthog.person_profiles"
    DISABLE_GEOIP   "ANALYTICS_DISABLE_GEOIP"   "posthog.disable_geoip"
    HISTORICAL      "ANALYTICS_HISTORICAL"      "posthog.historical"
    MAX_EVENT_BYTES "ANALYTICS_MAX_EVENT_BYTES" "posthog.max_event_bytes"
    CONNECT_TIMEOUT "ANALYTICS_CONNECT_TIMEOUT" "posthog.connect_timeout"
    VERIFY_KEY      "ANALYTICS_VERIFY_KEY"      "posthog.verify_key"
    VERIFY_TIMEOUT  "ANALYTICS_VERIFY_TIMEOUT"  "posthog.verify_timeout"
    ALLOW_HTTP      "ANALYTICS_ALLOW_HTTP"      "posthog.allow_http"
    ALLOW_IN_TESTS  "ANALYTICS_ALLOW_IN_TESTS"  "posthog.allow_in_tests"
    QUEUE_EVENTS    "ANALYTICS_QUEUE_EVENTS"    "delivery.queue_events"
    QUEUE_BYTES     "ANALYTICS_QUEUE_BYTES"     "delivery.queue_bytes"
    BATCH_EVENTS    "ANALYTICS_BATCH_EVENTS"    "delivery.batch_events"
    BATCH_BYTES     "ANALYTICS_BATCH_BYTES"     "delivery.batch_bytes"
    FLUSH_AT        "ANALYTICS_FLUSH_AT"        "delivery.flush_at"
    FLUSH_INTERVAL  "ANALYTICS_FLUSH_INTERVAL"  "delivery.flush_interval"
    OVERFLOW        "ANALYTICS_OVERFLOW"        "delivery.overflow"
    ORDER           "ANALYTICS_ORDER"           "delivery.order"
    IN_FLIGHT       "ANALYTICS_IN_FLIGHT"       "delivery.in_flight"
    REQUEST_TIMEOUT "ANALYTICS_REQUEST_TIMEOUT" "delivery.request_timeout"
    MAX_AGE         "ANALYTICS_MAX_AGE"         "delivery.max_age"
    MAX_RETRIES     "ANALYTICS_MAX_RETRIES"     "delivery.max_retries"
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

/// Every variable that is read.
pub(crate) fn variables() -> impl Iterator<Item = &'static str> {
    let settings = ALL.iter().map(|setting| setting.variable);
    settings.chain(KEY_VARIABLES.into_iter().skip(1)).chain([DO_NOT_TRACK])
}

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
