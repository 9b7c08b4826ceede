//! What a service's analytics are to be: [`AnalyticsConfig`], its settings, and what is wrong with them.
//!
//! The [crate's documentation](crate) lists the variables.

pub(crate) mod build;
mod errors;
mod explanation;
mod log_target;
pub(crate) mod setting;
mod settings;
mod text;
mod unread;
pub(crate) mod variables;

pub(crate) use self::errors::Problems;
#[cfg(feature = "posthog")]
pub use analytics_posthog::{
    Compression, DeliveryConfig, KeyVerdict, Order, Overflow, PersonProfiles, PostHogOptions, Protocol, SuspectAnswers,
};

pub use self::errors::{ConfigError, ConfigErrors};
pub use self::explanation::{Chosen, Explanation, NoEventsReason, Target};
#[cfg(feature = "posthog")]
pub use self::settings::VerifyKey;
pub use self::settings::{AnalyticsConfig, Backend, ExtraHeaders, PostHogSettings, ProjectKey};
pub use self::unread::UnreadVariables;
