//! Settings of the encoder.

use analytics_core::json::Limits;

use crate::protocol::Protocol;

/// What PostHog takes of one event of the AI lane, in bytes of its JSON. A larger one costs its whole request, a 413.
pub const MAX_AI_EVENT_BYTES: usize = 8 << 20;

/// Settings of the encoder. Plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EncoderConfig {
    /// The form in which events are written. Default [`Protocol::V0`].
    pub protocol: Protocol,
    /// What one event may weigh. Its bytes are counted as PostHog counts them, with the event's JSON escaped once more.
    /// Default 900 KiB, depth 64, 1,000 properties, keys of 200 bytes.
    pub limits: Limits,
    /// What one event of the AI lane may weigh, in bytes of its JSON; its other limits are those of all events. Default
    /// [`MAX_AI_EVENT_BYTES`].
    pub ai_event_bytes: usize,
    /// Whether events leave out `$geoip_disable`: PostHog then places every user where the server is. Default false.
    pub keep_geoip: bool,
    /// Whose events make persons. Default those of users.
    pub person_profiles: PersonProfiles,
}

impl Default for EncoderConfig {
    fn default() -> Self {
        Self {
            protocol: Protocol::default(),
            limits: Limits::DEFAULT,
            ai_event_bytes: MAX_AI_EVENT_BYTES,
            keep_geoip: false,
            person_profiles: PersonProfiles::default(),
        }
    }
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
    /// Every actor's but nobody's.
    Always,
}

analytics_rules::keywords! { PersonProfiles { UsersOnly = "users_only", Always = "always" } }
