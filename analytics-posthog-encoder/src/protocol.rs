//! The form in which events are written.

/// The path below the host to which batches of the AI lane are posted, in the form of [`Protocol::V0`] whichever is
/// chosen for other events. As PostHog's own libraries do it (`ai-capture` in posthog-js).
pub const AI_PATH: &str = "i/v0/ai/batch/";

/// The same by v1, to which PostHog means to move the lane: not every deployment has it yet, and nothing is sent there.
pub const AI_PATH_V1: &str = "i/v1/ai/events";

/// The form in which events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Protocol {
    /// `POST /batch/`, which every PostHog server has. Its answer is for the whole request.
    #[default]
    V0,
    /// `POST /i/v1/analytics/events`, whose answer has a verdict for each event: what was dropped is known, and why.
    /// A deployment has it only where it is switched on; elsewhere it is a 404.
    V1,
}

analytics_rules::keywords! { Protocol { V0 = "v0", V1 = "v1" } }

impl Protocol {
    /// The path below the host to which batches in this form are posted.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::V0 => "batch/",
            Self::V1 => "i/v1/analytics/events",
        }
    }

    /// The number under which queues keep events of this form apart from those of another.
    #[must_use]
    pub const fn wire_format(self) -> u8 {
        match self {
            Self::V0 => 0,
            Self::V1 => 1,
        }
    }
}
