//! Whether PostHog knows a key.

#[cfg(feature = "posthog")]
mod question;
mod verdict;

#[cfg(feature = "posthog")]
pub(crate) use self::question::Question;
pub use self::verdict::KeyVerdict;
