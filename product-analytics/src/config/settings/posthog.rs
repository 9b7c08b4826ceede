//! What concerns PostHog.

use std::path::{Path, PathBuf};
#[cfg(feature = "posthog")]
use std::time::Duration;

#[cfg(feature = "posthog")]
use analytics_posthog::PostHogOptions;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::fields::fields;
use super::{ExtraHeaders, ProjectKey};

/// What concerns PostHog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(feature = "posthog"), derive(Default))]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PostHogSettings {
    /// The project's key. Default none. It is read and never written.
    #[serde(skip_serializing)]
    pub key: Option<ProjectKey>,
    /// The file that holds the project's key, in the place of `key`: as an orchestrator mounts a secret. It is read at
    /// start, and again once a minute while events are sent and when PostHog refuses the key, so that a key is replaced
    /// without a restart. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// Where PostHog is: `us`, `eu` or a URL. Default `https://us.i.posthog.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Headers of every request, beside those of the protocol: for a gateway. Default none. They are read and never
    /// written, and no variable sets them.
    #[serde(skip_serializing)]
    pub headers: ExtraHeaders,
    /// Whether PostHog is asked at start if it knows the key. Default [`VerifyKey::Off`].
    #[cfg(feature = "posthog")]
    pub verify_key: VerifyKey,
    /// The longest that a start waits for PostHog's word on the key. Default 2 s.
    #[cfg(feature = "posthog")]
    #[serde(with = "analytics_delivery::serde_units::duration")]
    pub verify_timeout: Duration,
    /// Whether a host that is not this machine may be reached without TLS. Default false.
    #[cfg(feature = "posthog")]
    pub allow_http: bool,
    /// How events are written and sent. In a file these stand beside the others.
    #[cfg(feature = "posthog")]
    #[serde(skip)]
    pub options: PostHogOptions,
}

#[cfg(feature = "posthog")]
impl Default for PostHogSettings {
    fn default() -> Self {
        Self {
            key: None,
            key_file: None,
            host: None,
            headers: ExtraHeaders::default(),
            verify_key: VerifyKey::default(),
            verify_timeout: Duration::from_secs(2),
            allow_http: false,
            options: PostHogOptions::default(),
        }
    }
}

impl PostHogSettings {
    /// The file that is to have the key, if one is named.
    pub(crate) fn named_key_file(&self) -> Option<&Path> {
        self.key_file.as_deref().filter(|path| !path.to_string_lossy().trim().is_empty())
    }
}

/// The settings without their [options](PostHogSettings::options).
#[derive(Default)]
pub(crate) struct OwnSettings(pub(crate) PostHogSettings);

impl<'de> Deserialize<'de> for OwnSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PostHogSettings::deserialize(deserializer).map(Self)
    }
}

/// A part is the settings' own, the rest are options. Without the backend there are none; a file may have them for
/// another build.
impl<'de> Deserialize<'de> for PostHogSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let own_fields = fields::<OwnSettings>();
        let all = Map::<String, Value>::deserialize(deserializer)?;
        #[cfg(feature = "posthog")]
        check(&all, &[own_fields, fields::<PostHogOptions>()].concat()).map_err(D::Error::custom)?;
        let (own, others): (Map<_, _>, Map<_, _>) =
            all.into_iter().partition(|(field, _)| own_fields.contains(&field.as_str()));
        let settings = Self::deserialize(Value::Object(own)).map_err(D::Error::custom)?;
        #[cfg(feature = "posthog")]
        let settings =
            Self { options: serde_json::from_value(Value::Object(others)).map_err(D::Error::custom)?, ..settings };
        #[cfg(not(feature = "posthog"))]
        drop(others);
        Ok(settings)
    }
}

/// Says so if one of the fields is not `known`.
#[cfg(feature = "posthog")]
fn check(all: &Map<String, Value>, known: &[&str]) -> Result<(), String> {
    let Some(field) = all.keys().find(|field| !known.contains(&field.as_str())) else { return Ok(()) };
    let known: Vec<_> = known.iter().map(|field| format!("`{field}`")).collect();
    Err(format!("unknown field `{field}`, expected one of {}", known.join(", ")))
}

impl Serialize for PostHogSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::Error as _;
        let own = Self::serialize(self, serde_json::value::Serializer).map_err(S::Error::custom)?;
        #[cfg(feature = "posthog")]
        let parts = [own, serde_json::to_value(&self.options).map_err(S::Error::custom)?];
        #[cfg(not(feature = "posthog"))]
        let parts = [own];
        serializer.collect_map(parts.iter().filter_map(Value::as_object).flatten())
    }
}

/// Whether PostHog is asked at start if it knows the key.
///
/// Events of a key that nobody owns in a region are answered 200 and lost, so this is the only way to learn of a key
/// that was copied wrongly, or belongs to the other region, before somebody misses the events.
///
/// The question is one request, which PostHog does not bill: feature flags, with their evaluation switched off.
/// [`build`](crate::AnalyticsConfig::build) and [`from_env`](crate::from_env) wait for the answer, for at most
/// [`verify_timeout`](PostHogSettings::verify_timeout), and block the thread they are called on meanwhile: call them
/// before a runtime serves anything. A server that does not have the call cannot be asked, and one line says so.
///
/// PostHog says that it does not know a key also while it cannot look keys up, and for some minutes after a key that
/// was asked for too early was made. So a service that runs has [`Warn`](Self::Warn), and a step of a deployment,
/// which may fail and be run again, [`Require`](Self::Require).
#[cfg(feature = "posthog")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerifyKey {
    /// `off`: it is not asked.
    #[default]
    Off,
    /// `warn`: one line warns if it does not know the key, or does not answer. Events are sent all the same.
    Warn,
    /// `require`: it is an error if it does not know the key, or does not answer.
    Require,
}

#[cfg(feature = "posthog")]
analytics_rules::keywords! { VerifyKey { Off = "off", Warn = "warn", Require = "require" } }
