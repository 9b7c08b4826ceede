//! What concerns PostHog.

use std::num::NonZeroUsize;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ExtraHeaders, ProjectKey};
use crate::config::text::form;
use crate::config::text::parse::Word;

/// What concerns PostHog.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PostHogSettings {
    /// The project's key. Default none. It is read and never written.
    #[serde(skip_serializing)]
    pub key: Option<ProjectKey>,
    /// Where PostHog is: `us`, `eu` or a URL. Default `https://us.i.posthog.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The form in which events are sent. Default [`Protocol::V0`].
    pub protocol: Protocol,
    /// How requests are compressed. Default [`Compression::Gzip`].
    pub compression: Compression,
    /// The size in bytes from which a request's body is compressed; 0 compresses every body. Default 1 KiB.
    #[serde(with = "form::threshold", skip_serializing_if = "Option::is_none")]
    pub compress_from: Option<usize>,
    /// What a success counts for whose body is not PostHog's. Default [`SuspectAnswers::Accept`].
    pub suspect_answers: SuspectAnswers,
    /// Whose events make persons. Default [`PersonProfiles::UsersOnly`].
    pub person_profiles: PersonProfiles,
    /// Whether events say that PostHog is not to place them by their sender's address, which is the service's own.
    /// Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_geoip: Option<bool>,
    /// Whether all events are of the past: PostHog takes them in apart and does not alert on them. Default false.
    pub historical: bool,
    /// What one event may weigh, in bytes as PostHog counts them. Default 900 KiB.
    #[serde(with = "form::size", skip_serializing_if = "Option::is_none")]
    pub max_event_bytes: Option<NonZeroUsize>,
    /// The time after which a connection that is not made is given up. Default 5 s.
    #[serde(with = "form::duration", skip_serializing_if = "Option::is_none")]
    pub connect_timeout: Option<Duration>,
    /// Headers of every request, beside those of the protocol: for a gateway. Default none. They are read and never
    /// written, and no variable sets them.
    #[serde(skip_serializing)]
    pub headers: ExtraHeaders,
    /// Whether PostHog is asked at start if it knows the key. Default [`VerifyKey::Off`].
    pub verify_key: VerifyKey,
    /// The longest that a start waits for PostHog's word on the key. Default 2 s.
    #[serde(with = "form::duration", skip_serializing_if = "Option::is_none")]
    pub verify_timeout: Option<Duration>,
    /// Whether a host that is not this machine may be reached without TLS. Default false.
    pub allow_http: bool,
    /// Whether a test process may send to a host that is not this machine. Default false.
    pub allow_in_tests: bool,
}

/// The form in which events are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Protocol {
    /// `v0`: to `/batch/`, which every PostHog server has. Its answer is for the whole request.
    #[default]
    V0,
    /// `v1`: to `/i/v1/analytics/events`, whose answer has a verdict for each event. A deployment has it only where it is
    /// switched on.
    V1,
}

/// How requests are compressed, from [`compress_from`](PostHogSettings::compress_from) on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Compression {
    /// `gzip`: with gzip.
    #[default]
    Gzip,
    /// `zstd`: with zstd. Needs the cargo feature `zstd`, and [`Protocol::V1`].
    Zstd,
    /// `none`: not at all.
    None,
}

/// What a success counts for whose body is not PostHog's: a portal's or a login page, say. Such answers are counted as
/// [`suspect`](analytics_core::Traffic::suspect) and logged, whatever is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuspectAnswers {
    /// `accept`: the events arrived. A relay may answer in its own words.
    #[default]
    Accept,
    /// `retry`: they did not, and are sent again. For a host that is PostHog itself.
    Retry,
}

/// Whose events make persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PersonProfiles {
    /// `users_only`: those of users, not those of sessions, services and anonymous actors.
    #[default]
    UsersOnly,
    /// `always`: everybody's.
    Always,
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

impl Word for VerifyKey {
    const WHAT: &'static str = "a way to verify the key";
    const WORDS: &'static [(&'static str, Self)] =
        &[("off", Self::Off), ("warn", Self::Warn), ("require", Self::Require)];
}

impl Word for Protocol {
    const WHAT: &'static str = "a protocol";
    const WORDS: &'static [(&'static str, Self)] = &[("v0", Self::V0), ("v1", Self::V1)];
}

impl Word for Compression {
    const WHAT: &'static str = "a compression";
    const WORDS: &'static [(&'static str, Self)] = &[("gzip", Self::Gzip), ("zstd", Self::Zstd), ("none", Self::None)];
}

impl Word for SuspectAnswers {
    const WHAT: &'static str = "a way with suspect answers";
    const WORDS: &'static [(&'static str, Self)] = &[("accept", Self::Accept), ("retry", Self::Retry)];
}

impl Word for PersonProfiles {
    const WHAT: &'static str = "a choice of person profiles";
    const WORDS: &'static [(&'static str, Self)] = &[("users_only", Self::UsersOnly), ("always", Self::Always)];
}
