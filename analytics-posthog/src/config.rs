//! Settings of the PostHog backend.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use analytics_core::json::Limits;
use analytics_delivery::{DeliveryConfig, Observers};
use analytics_posthog_encoder::{MAX_AI_EVENT_BYTES, PersonProfiles, Protocol};

use crate::api_key::ApiKey;
use crate::host::Host;
use crate::test_process::TestProcess;

/// Settings of the PostHog backend. Plain data.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostHogConfig {
    /// The project's key.
    pub key: ApiKey,
    /// The file that the key [came from](ApiKey::from_file): it is read again once a minute while batches are sent, and
    /// when the server refuses the key, and another key that stands in it is used from then on. Default none.
    pub key_file: Option<PathBuf>,
    /// The server.
    pub host: Host,
    /// Queue, batches and retries.
    pub delivery: DeliveryConfig,
    /// How events are written and sent.
    pub options: PostHogOptions,
    /// Headers sent with every request, beside those of the protocol. Default none.
    pub headers: Vec<(String, String)>,
    /// Who is told what becomes of events. Default nobody.
    pub observers: Observers,
    #[cfg(feature = "reqwest-client")]
    pub(crate) client: Option<reqwest::Client>,
}

/// How events are written and sent. Plain data.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct PostHogOptions {
    /// What one event may weigh, in bytes as PostHog counts them, with the event's JSON escaped once more; in code also
    /// how deep it is, and how many and how long its keys are. Default 900 KiB, depth 64, 1,000 properties, keys of 200
    /// bytes.
    #[cfg_attr(feature = "serde", serde(rename = "max_event_bytes", with = "event_bytes"))]
    pub limits: Limits,
    /// What one event about a model call ([`Lane::Ai`](analytics_core::Lane::Ai)) may weigh, in bytes of its JSON.
    /// PostHog takes 8 MiB. Default 8 MiB.
    #[cfg_attr(feature = "serde", serde(with = "analytics_delivery::serde_units::size"))]
    pub max_ai_event_bytes: NonZeroUsize,
    /// The form in which events are sent; those about model calls are sent in that of `v0`. Default [`Protocol::V0`].
    pub protocol: Protocol,
    /// Compression of requests; `zstd` needs the protocol `v1` and the cargo feature `zstd`. Default gzip.
    pub compression: Compression,
    /// The size in bytes from which a request's body is compressed; one below it is sent as it is, because compression
    /// costs more than it saves there. 0 compresses every body. Default 1 KiB.
    #[cfg_attr(feature = "serde", serde(with = "analytics_delivery::serde_units::threshold"))]
    pub compress_from: usize,
    /// What a success counts for whose body is not PostHog's. Default [`SuspectAnswers::Accept`].
    pub suspect_answers: SuspectAnswers,
    /// Whether events say `$geoip_disable`: PostHog would place every user where the server is. Default true. An
    /// event that has an `$ip` of its own does not say it.
    pub disable_geoip: bool,
    /// Whose events make persons. Default those of users.
    pub person_profiles: PersonProfiles,
    /// Whether all events are of the past, which PostHog takes in apart and does not alert on. Default false.
    pub historical: bool,
    /// The time after which a connection that is not made is given up. Default 5 s.
    #[cfg_attr(feature = "serde", serde(with = "analytics_delivery::serde_units::duration"))]
    pub connect_timeout: Duration,
    /// Whether events may leave a test process. Default false; a server on this machine is always allowed.
    pub allow_in_tests: bool,
}

impl Default for PostHogOptions {
    fn default() -> Self {
        Self {
            limits: Limits::DEFAULT,
            max_ai_event_bytes: NonZeroUsize::new(MAX_AI_EVENT_BYTES).unwrap_or(NonZeroUsize::MIN),
            protocol: Protocol::default(),
            compression: Compression::default(),
            compress_from: 1_024,
            suspect_answers: SuspectAnswers::default(),
            disable_geoip: true,
            person_profiles: PersonProfiles::default(),
            historical: false,
            connect_timeout: Duration::from_secs(5),
            allow_in_tests: false,
        }
    }
}

/// The limit of an event's bytes, which alone stands in files.
#[cfg(feature = "serde")]
mod event_bytes {
    use analytics_core::json::Limits;
    use analytics_delivery::serde_units::{size, threshold};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(limits: &Limits, serializer: S) -> Result<S::Ok, S::Error> {
        threshold::serialize(&limits.bytes, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Limits, D::Error> {
        Ok(Limits::DEFAULT.with_bytes(size::deserialize(deserializer)?.get()))
    }
}

/// Compression of requests, of [`PostHogOptions::compress_from`] bytes and more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Compression {
    /// gzip, at its fastest level.
    #[default]
    Gzip,
    /// zstd, at its fastest level. Needs the cargo feature `zstd`, and [`Protocol::V1`], which alone can carry it.
    Zstd,
    /// None.
    None,
}

analytics_rules::keywords! { Compression { Gzip = "gzip", Zstd = "zstd", None = "none" } }

/// What a success counts for whose body is not PostHog's: a portal's or a login page, say. Such answers are counted as
/// [`suspect`](analytics_core::Traffic::suspect) and logged, whatever is chosen. An empty body is not suspect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SuspectAnswers {
    /// The events arrived: the status counts, and a relay may answer in its own words.
    #[default]
    Accept,
    /// The events did not arrive, and are sent again. For a host that is PostHog itself.
    Retry,
}

analytics_rules::keywords! { SuspectAnswers { Accept = "accept", Retry = "retry" } }

/// Shows the extra headers' names only: a value can be a secret.
impl fmt::Debug for PostHogConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("PostHogConfig")
            .field("key", &self.key)
            .field("key_file", &self.key_file)
            .field("host", &self.host)
            .field("delivery", &self.delivery)
            .field("options", &self.options)
            .field("headers", &headers)
            .field("observers", &self.observers)
            .finish_non_exhaustive()
    }
}

impl PostHogConfig {
    /// The default settings for a project on a server.
    #[must_use]
    pub fn new(key: ApiKey, host: Host) -> Self {
        Self {
            key,
            key_file: None,
            host,
            delivery: DeliveryConfig::default(),
            options: PostHogOptions::default(),
            headers: Vec::new(),
            observers: Observers::new(),
            #[cfg(feature = "reqwest-client")]
            client: None,
        }
    }

    /// The test process that this is, if that keeps a sink with these settings from starting: the server is not on this
    /// machine, and [`allow_in_tests`](PostHogOptions::allow_in_tests) is not set.
    #[must_use]
    pub fn held_back(&self) -> Option<TestProcess> {
        if self.options.allow_in_tests || self.host.is_loopback() { None } else { TestProcess::detect() }
    }

    /// Sends through `client`, with its proxies, roots and timeouts. It must not follow redirects: one that does
    /// can carry the key and the events to another host.
    #[cfg(feature = "reqwest-client")]
    #[must_use]
    pub fn with_client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
        self
    }
}
