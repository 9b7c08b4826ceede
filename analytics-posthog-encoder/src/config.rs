//! Settings of the encoder.

use analytics_core::json::Limits;

use crate::protocol::Protocol;

/// Settings of the encoder. Plain data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EncoderConfig {
    /// The form in which events are written. Default [`Protocol::V0`].
    pub protocol: Protocol,
    /// What one event may weigh. Its bytes are counted as PostHog counts them, with the event's JSON escaped once more.
    /// Default 900 KiB, depth 64, 1,000 properties, keys of 200 bytes.
    pub limits: Limits,
    /// Whether events leave out `$geoip_disable`: PostHog then places every user where the server is. Default false.
    pub keep_geoip: bool,
    /// Whose events make persons. Default those of users.
    pub person_profiles: PersonProfiles,
}

/// Whose events make persons in PostHog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum PersonProfiles {
    /// Those of [`Actor::user`](analytics_core::Actor::user), and those that set a person's properties. The others
    /// say `$process_person_profile: false`.
    #[default]
    UsersOnly,
    /// Every actor's.
    Always,
}

analytics_rules::keywords! { PersonProfiles { UsersOnly = "users_only", Always = "always" } }
