//! The short way: from the environment to a handle.

use std::ffi::OsStr;

use analytics_core::Analytics;

#[cfg(feature = "posthog")]
use crate::Observers;
use crate::setting::Naming;
use crate::{AnalyticsConfig, ConfigErrors, Explanation, build};

/// Builds analytics from the process's environment, and logs one line that says where events go.
///
/// ```no_run
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let analytics = analytics_config::from_env()?;
///     let _guard = analytics.shutdown_on_drop(Duration::from_secs(10));
///     Ok(())
/// }
/// ```
///
/// # Errors
/// As [`from_vars`].
pub fn from_env() -> Result<Analytics, ConfigErrors> {
    from_vars(std::env::vars_os())
}

/// As [`from_env`], from these variables instead: for tests.
///
/// ```
/// let analytics = analytics_config::from_vars([("ANALYTICS_BACKEND", "noop")])?;
/// # Ok::<(), analytics_config::ConfigErrors>(())
/// ```
///
/// # Errors
/// Everything that is wrong, at once: what [`AnalyticsConfig::from_vars`] and [`AnalyticsConfig::build`] find.
pub fn from_vars<K, V>(vars: impl IntoIterator<Item = (K, V)>) -> Result<Analytics, ConfigErrors>
where
    K: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    AnalyticsConfig::from_vars(vars)?.build_named(Naming::Variables)
}

/// As [`from_env`], and tells `observers` what becomes of events.
///
/// ```no_run
/// use analytics_config::Observers;
///
/// let observers = Observers::new().on_drop(|dropped| eprintln!("lost an event: {}", dropped.reason()));
/// let analytics = analytics_config::from_env_observed(observers)?;
/// # Ok::<(), analytics_config::ConfigErrors>(())
/// ```
///
/// # Errors
/// As [`from_vars`].
#[cfg(feature = "posthog")]
pub fn from_env_observed(observers: Observers) -> Result<Analytics, ConfigErrors> {
    AnalyticsConfig::from_env()?.build_observed_named(observers, Naming::Variables)
}

/// What [`from_env`] would build, and why, without building it.
///
/// # Errors
/// As [`explain_vars`].
pub fn explain_env() -> Result<Explanation, ConfigErrors> {
    explain_vars(std::env::vars_os())
}

/// What [`from_vars`] would build, and why, without building it.
///
/// ```
/// let explanation = analytics_config::explain_vars([("ANALYTICS_BACKEND", "noop")])?;
/// assert_eq!(explanation.to_string(), "the backend is noop, no events are sent");
/// # Ok::<(), analytics_config::ConfigErrors>(())
/// ```
///
/// # Errors
/// Everything that is wrong, at once: what [`AnalyticsConfig::from_vars`] finds.
pub fn explain_vars<K, V>(vars: impl IntoIterator<Item = (K, V)>) -> Result<Explanation, ConfigErrors>
where
    K: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    build::explain(&AnalyticsConfig::from_vars(vars)?, Naming::Variables)
}
