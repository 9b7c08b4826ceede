//! The short way: from the environment to a handle.

use std::ffi::OsStr;

use analytics_core::Analytics;
#[cfg(feature = "posthog")]
use analytics_posthog::Observers;

use crate::config::setting::Naming;
use crate::config::{AnalyticsConfig, ConfigErrors, Explanation, Problems, build, variables};

impl AnalyticsConfig {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// As [`from_vars`](Self::from_vars).
    pub fn from_env() -> Result<Self, ConfigErrors> {
        Self::from_vars(std::env::vars_os())
    }

    /// Reads variables: names with their values. The [crate's documentation](crate) lists them.
    ///
    /// A blank value is as good as none, and space around a value does not count. A name that is not listed is
    /// ignored; the start tells of those that begin with `ANALYTICS_`.
    ///
    /// # Errors
    /// Everything that is wrong, at once, what [`build`](Self::build) would find included: values that cannot be
    /// read, values that are not UTF-8, names that are nearly one that is listed, keys that differ, a text that is no
    /// key or no address, a backend that is not compiled in or lacks its key, and a choice that ends in the no-op
    /// although analytics is required.
    pub fn from_vars<K, V>(vars: impl IntoIterator<Item = (K, V)>) -> Result<Self, ConfigErrors>
    where
        K: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        let mut problems = Problems::default();
        let config = variables::read(vars, &mut problems);
        build::check(&config, Naming::Variables, &mut problems);
        problems.none_or(config)
    }
}

/// Builds analytics from the process's environment, and logs one line that says where events go.
///
/// ```no_run
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let analytics = product_analytics::from_env()?;
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
/// let analytics = product_analytics::from_vars([("ANALYTICS_BACKEND", "noop")])?;
/// # Ok::<(), product_analytics::ConfigErrors>(())
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
/// use product_analytics::Observers;
///
/// let observers = Observers::new().on_drop(|dropped| eprintln!("lost an event: {}", dropped.reason()));
/// let analytics = product_analytics::from_env_observed(observers)?;
/// # Ok::<(), product_analytics::ConfigErrors>(())
/// ```
///
/// # Errors
/// As [`from_vars`].
#[cfg(feature = "posthog")]
pub fn from_env_observed(observers: Observers) -> Result<Analytics, ConfigErrors> {
    from_vars_observed(std::env::vars_os(), observers)
}

/// As [`from_env_observed`], from these variables instead.
///
/// # Errors
/// As [`from_vars`].
#[cfg(feature = "posthog")]
pub fn from_vars_observed<K, V>(
    vars: impl IntoIterator<Item = (K, V)>,
    observers: Observers,
) -> Result<Analytics, ConfigErrors>
where
    K: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    AnalyticsConfig::from_vars(vars)?.build_observed_named(observers, Naming::Variables)
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
/// let explanation = product_analytics::explain_vars([("ANALYTICS_BACKEND", "noop")])?;
/// assert_eq!(explanation.to_string(), "the backend is noop, no events are sent");
/// # Ok::<(), product_analytics::ConfigErrors>(())
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
