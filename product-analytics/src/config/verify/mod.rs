//! Whether PostHog knows a key.

#[cfg(feature = "posthog")]
mod key_check;
mod verdict;

#[cfg(feature = "posthog")]
pub(crate) use self::key_check::KeyCheck;
pub use self::verdict::KeyVerdict;
