//! [`AnalyticsConfig`] and what it is made of.

mod backend;
pub(crate) mod fields;
mod headers;
mod key;
mod posthog;

#[cfg(feature = "posthog")]
use analytics_posthog::DeliveryConfig;
use serde::{Deserialize, Serialize};

pub use self::backend::Backend;
pub(crate) use self::backend::{names as backend_names, parse as parse_backend};
pub use self::headers::ExtraHeaders;
pub use self::key::ProjectKey;
pub(crate) use self::posthog::OwnSettings;
pub use self::posthog::PostHogSettings;
#[cfg(feature = "posthog")]
pub use self::posthog::VerifyKey;

use crate::config::unread::UnreadVariables;

/// What a service's analytics are to be: plain data, from the environment, a file or code.
///
/// Any crate that fills a serde struct can fill it. Unknown fields are refused, durations are written `"5s"` or
/// `"250ms"`, sizes `"8MiB"`, `"64KiB"` or as a number of bytes, everything that is left out has its default:
///
/// ```
/// # use product_analytics::AnalyticsConfig;
/// let config: AnalyticsConfig = serde_json::from_str(
///     r#"{
///         "backend": "log",
///         "environment": "staging",
///         "posthog": { "host": "eu" },
///         "delivery": { "queue_bytes": "8MiB", "flush_interval": "250ms" }
///     }"#,
/// )?;
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The [project key](ProjectKey) is read and never written: a configuration that is serialized, into a log perhaps,
/// is without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct AnalyticsConfig {
    /// Where events go; to several backends, all of them. In a file `"log"`, `"posthog,log"` or a list of names.
    /// Default [`Backend::Auto`].
    #[serde(with = "backend::list")]
    pub backend: Vec<Backend>,
    /// Whether events go nowhere, whatever else is set. What is wrong with the rest is an error all the same.
    /// Default false.
    pub disabled: bool,
    /// Whether it is an error if events would go nowhere, even if only one of several backends would take none.
    /// Default false.
    pub required: bool,
    /// The property `environment` of every event: `production`. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The property `source` of every event: the service's name. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where the inspector of [`Backend::Inspector`] listens. Default `http://127.0.0.1:8010`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspector_url: Option<String>,
    /// What concerns PostHog; all but the key and the host holds for the inspector too.
    pub posthog: PostHogSettings,
    /// How events are queued, batched and sent.
    #[cfg(feature = "posthog")]
    pub delivery: DeliveryConfig,
    /// A file may have them for a build with a backend that sends.
    #[cfg(not(feature = "posthog"))]
    #[serde(skip_serializing)]
    delivery: serde::de::IgnoredAny,
    /// What stood beside in the environment, for the start to tell of.
    #[serde(skip)]
    pub(crate) unread: UnreadVariables,
}

impl Default for AnalyticsConfig {
    fn default() -> Self {
        Self {
            backend: vec![Backend::Auto],
            disabled: false,
            required: false,
            environment: None,
            source: None,
            inspector_url: None,
            posthog: PostHogSettings::default(),
            #[cfg(feature = "posthog")]
            delivery: DeliveryConfig::default(),
            #[cfg(not(feature = "posthog"))]
            delivery: serde::de::IgnoredAny,
            unread: UnreadVariables::default(),
        }
    }
}
