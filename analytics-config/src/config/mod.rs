//! [`AnalyticsConfig`] and what it is made of.

mod backend;
mod delivery;
mod headers;
mod key;
mod posthog;
mod text;

use std::ffi::OsStr;
use std::time::Duration;

use analytics_core::{Analytics, AnalyticsSink};
#[cfg(feature = "posthog")]
use analytics_posthog::Observers;
use serde::{Deserialize, Serialize};

pub use self::backend::Backend;
pub(crate) use self::backend::names as backend_names;
pub use self::delivery::{DeliverySettings, Order, Overflow};
pub use self::headers::ExtraHeaders;
pub use self::key::ProjectKey;
pub use self::posthog::{Compression, PersonProfiles, PostHogSettings, Protocol, SuspectAnswers, VerifyKey};

use crate::build;
use crate::errors::{ConfigErrors, Problems};
use crate::explanation::Explanation;
use crate::setting::Naming;
use crate::unread::UnreadVariables;
use crate::variables;
use crate::verify::KeyVerdict;

/// What a service's analytics are to be: plain data, from the environment, a file or code.
///
/// Any crate that fills a serde struct can fill it. Unknown fields are refused, durations are written `"5s"` or
/// `"250ms"`, sizes `"8MiB"`, `"64KiB"` or as a number of bytes, everything that is left out has its default:
///
/// ```
/// # use analytics_config::AnalyticsConfig;
/// let config: AnalyticsConfig = serde_json::from_str(
///     r#"{
///         "backend": "log",
///         "environment": "staging",
///         "posthog": { "host": "eu" },
///         "delivery": { "queue_bytes": "8MiB", "flush_interval": "250ms" }
///     }"#,
/// )?;
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The [project key](ProjectKey) is read and never written: a configuration that is serialized, into a log perhaps,
/// is without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct AnalyticsConfig {
    /// Where events go; to several backends, all of them. In a file `"log"`, `"posthog,log"` or a list of names.
    /// Default [`Backend::Auto`].
    #[serde(with = "backend::list")]
    pub backend: Vec<Backend>,
    /// Whether events go nowhere, whatever else is set. What is wrong with the rest is an error all the same.
    /// Default false.
    pub disabled: bool,
    /// Whether it is an error if events would go nowhere, even if only one of several backends would take none.
    /// Default false.
    pub required: bool,
    /// The property `environment` of every event: `production`. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The property `source` of every event: the service's name. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where the inspector of [`Backend::Inspector`] listens. Default `http://127.0.0.1:8010`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspector_url: Option<String>,
    /// What concerns PostHog; all but the key and the host holds for the inspector too.
    pub posthog: PostHogSettings,
    /// How events are queued, batched and sent.
    pub delivery: DeliverySettings,
    /// What stood beside in the environment, for the start to tell of.
    #[serde(skip)]
    pub(crate) unread: UnreadVariables,
}

impl Default for AnalyticsConfig {
    fn default() -> Self {
        Self {
            backend: vec![Backend::Auto],
            disabled: false,
            required: false,
            environment: None,
            source: None,
            inspector_url: None,
            posthog: PostHogSettings::default(),
            delivery: DeliverySettings::default(),
            unread: UnreadVariables::default(),
        }
    }
}

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

    /// Starts what is configured, and logs one line that says what it is.
    ///
    /// # Errors
    /// Everything that is wrong, at once; also if a backend cannot be started. In a test process the PostHog backend
    /// refuses to start: that is a warning, and the no-op in its place, unless analytics is
    /// [`required`](Self::required).
    pub fn build(&self) -> Result<Analytics, ConfigErrors> {
        self.build_named(Naming::Fields)
    }

    /// As [`build`](Self::build), and tells `observers` what becomes of events: every backend that sends does, with its
    /// destination.
    ///
    /// ```no_run
    /// use analytics_config::{AnalyticsConfig, Observers};
    ///
    /// let observers = Observers::new()
    ///     .on_drop(|dropped| eprintln!("lost an event for {}: {}", dropped.destination(), dropped.reason()))
    ///     .on_batch(|batch| println!("{} events to {} in {:?}", batch.events, batch.destination, batch.duration));
    /// let analytics = AnalyticsConfig::from_env()?.build_observed(observers)?;
    /// # Ok::<(), analytics_config::ConfigErrors>(())
    /// ```
    ///
    /// With the cargo feature `metrics`, `Observers::new().with_metrics()` records each attempt. The ledger is exported whatever
    /// the observers.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    #[cfg(feature = "posthog")]
    pub fn build_observed(&self, observers: Observers) -> Result<Analytics, ConfigErrors> {
        self.build_observed_named(observers, Naming::Fields)
    }

    /// As [`build`](Self::build), but only the sink: to wrap it before [`handle_on`](Self::handle_on) makes the
    /// handle.
    ///
    /// ```
    /// use analytics_config::{AnalyticsConfig, Sample};
    ///
    /// let config = AnalyticsConfig::default();
    /// let analytics = config.handle_on(Sample::new(config.build_sink()?, 0.1)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_sink(&self) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
        build::sink(self, Naming::Fields)
    }

    /// A handle on `sink` whose every event has the configured [`environment`](Self::environment) and
    /// [`source`](Self::source). With the cargo feature `metrics` its ledger is exported.
    #[must_use]
    pub fn handle_on(&self, sink: impl AnalyticsSink) -> Analytics {
        let analytics = Analytics::new(sink);
        #[cfg(feature = "metrics")]
        if let Err(error) = analytics_metrics::export(&analytics) {
            tracing::warn!(%error, "analytics: no thread to export metrics, which are told at flushes and shutdowns only");
        }
        let base = [("environment", &self.environment), ("source", &self.source)];
        base.into_iter().fold(analytics, |analytics, (key, value)| match value {
            Some(value) => analytics.with(key, value.as_str()),
            None => analytics,
        })
    }

    /// What would be built, and why, without building it.
    ///
    /// ```
    /// use analytics_config::{AnalyticsConfig, Backend};
    ///
    /// let mut config = AnalyticsConfig::default();
    /// assert!(config.explain()?.to_string().starts_with("there is no project key"));
    ///
    /// config.posthog.key = Some("phc_abcdefghijklmnopqrstuvwxyz0123".into());
    /// # if cfg!(feature = "posthog") {
    /// let explanation = config.explain()?;
    /// let posthog = &explanation.chosen[0];
    /// assert_eq!((posthog.backend, posthog.reason.as_str()), (Backend::PostHog, "auto: posthog.key is set"));
    /// # }
    /// # Ok::<(), analytics_config::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, at once, as far as it can be told without starting anything.
    pub fn explain(&self) -> Result<Explanation, ConfigErrors> {
        build::explain(self, Naming::Fields)
    }

    /// Asks PostHog whether it knows the key, and blocks the thread for at most `timeout`. `None` if this
    /// configuration sends nothing to PostHog.
    ///
    /// The question costs nothing: see [`VerifyKey`]. It is asked whatever that is set to. A test process does not ask
    /// a server that is not on this machine.
    ///
    /// # Errors
    /// As [`explain`](Self::explain).
    pub fn verify_key(&self, timeout: Duration) -> Result<Option<KeyVerdict>, ConfigErrors> {
        build::verify_key(self, timeout)
    }

    #[cfg(feature = "posthog")]
    #[expect(clippy::needless_pass_by_value, reason = "each backend takes its own copy, the caller needs none")]
    pub(crate) fn build_observed_named(&self, observers: Observers, naming: Naming) -> Result<Analytics, ConfigErrors> {
        Ok(self.handle_on(build::observed_sink(self, naming, &observers)?))
    }

    pub(crate) fn build_named(&self, naming: Naming) -> Result<Analytics, ConfigErrors> {
        Ok(self.handle_on(build::sink(self, naming)?))
    }
}
