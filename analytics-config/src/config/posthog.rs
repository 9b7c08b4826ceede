//! What concerns PostHog.

use serde::{Deserialize, Serialize};

use super::ProjectKey;
use crate::parse::Word;

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
    /// How requests are compressed. Default [`Compression::Gzip`].
    pub compression: Compression,
    /// Whose events make persons. Default [`PersonProfiles::UsersOnly`].
    pub person_profiles: PersonProfiles,
    /// Whether a host that is not this machine may be reached without TLS. Default false.
    pub allow_http: bool,
    /// Whether a test process may send to a host that is not this machine. Default false.
    pub allow_in_tests: bool,
}

/// How requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Compression {
    /// `gzip`: with gzip, where it pays.
    #[default]
    Gzip,
    /// `none`: not at all.
    None,
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

impl Word for Compression {
    const WHAT: &'static str = "a compression";
    const WORDS: &'static [(&'static str, Self)] = &[("gzip", Self::Gzip), ("none", Self::None)];
}

impl Word for PersonProfiles {
    const WHAT: &'static str = "a choice of person profiles";
    const WORDS: &'static [(&'static str, Self)] = &[("users_only", Self::UsersOnly), ("always", Self::Always)];
}
