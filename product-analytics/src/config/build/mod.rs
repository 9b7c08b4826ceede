//! From a configuration to a sink.

#[cfg(feature = "posthog")]
mod address;
mod announce;
mod choice;
#[cfg(feature = "posthog")]
mod compression;
mod plan;
#[cfg(feature = "posthog")]
mod remote;
mod start;
mod texts;
#[cfg(feature = "posthog")]
mod verification;

#[cfg(feature = "posthog")]
use std::time::Duration;

use analytics_core::{Analytics, AnalyticsSink};
#[cfg(feature = "posthog")]
use analytics_posthog::{KeyVerdict, Observers};

use self::plan::Plan;
use crate::config::errors::{ConfigErrors, Problems};
use crate::config::explanation::Explanation;
use crate::config::setting::Naming;
use crate::config::settings::AnalyticsConfig;

impl AnalyticsConfig {
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
    /// use product_analytics::{AnalyticsConfig, Observers};
    ///
    /// let observers = Observers::new()
    ///     .on_drop(|dropped| eprintln!("lost an event for {}: {}", dropped.destination(), dropped.reason()))
    ///     .on_batch(|batch| println!("{} events to {} in {:?}", batch.events, batch.destination, batch.duration));
    /// let analytics = AnalyticsConfig::from_env()?.build_observed(observers)?;
    /// # Ok::<(), product_analytics::ConfigErrors>(())
    /// ```
    ///
    /// With the cargo feature `metrics`, `Observers::new().with_metrics()` records each attempt. The ledger is exported
    /// whatever the observers.
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
    /// use product_analytics::{AnalyticsConfig, Sample};
    ///
    /// let config = AnalyticsConfig::default();
    /// let analytics = config.handle_on(Sample::new(config.build_sink()?, 0.1)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_sink(&self) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
        sink(self, Naming::Fields)
    }

    /// A handle on `sink` whose every event has the configured [`environment`](Self::environment) and
    /// [`source`](Self::source). With the cargo feature `metrics` its ledger is exported.
    #[must_use]
    pub fn handle_on(&self, sink: impl AnalyticsSink) -> Analytics {
        let analytics = Analytics::new(sink);
        #[cfg(feature = "metrics")]
        if let Err(error) = analytics_metrics::export(&analytics) {
            tracing::warn!(target: crate::config::log_target::TARGET, %error, "no thread to export metrics, which are told at flushes and shutdowns only");
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
    /// use product_analytics::config::Backend;
    /// use product_analytics::AnalyticsConfig;
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
    /// # Ok::<(), product_analytics::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, at once, as far as it can be told without starting anything.
    pub fn explain(&self) -> Result<Explanation, ConfigErrors> {
        explain(self, Naming::Fields)
    }

    /// Asks PostHog whether it knows the key, and blocks the thread for at most `timeout`. `None` if this
    /// configuration sends nothing to PostHog.
    ///
    /// The question costs nothing: see [`VerifyKey`](crate::config::VerifyKey). It is asked whatever that is set to. A
    /// test process does not ask a server that is not on this machine.
    ///
    /// # Errors
    /// As [`explain`](Self::explain).
    #[cfg(feature = "posthog")]
    pub fn verify_key(&self, timeout: Duration) -> Result<Option<KeyVerdict>, ConfigErrors> {
        verification::verify_key(self, timeout)
    }

    #[cfg(feature = "posthog")]
    #[expect(clippy::needless_pass_by_value, reason = "each backend takes its own copy, the caller needs none")]
    pub(crate) fn build_observed_named(&self, observers: Observers, naming: Naming) -> Result<Analytics, ConfigErrors> {
        Ok(self.handle_on(observed_sink(self, naming, &observers)?))
    }

    pub(crate) fn build_named(&self, naming: Naming) -> Result<Analytics, ConfigErrors> {
        Ok(self.handle_on(sink(self, naming)?))
    }
}

/// Collects what is wrong with `config`, without starting anything.
pub(crate) fn check(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) {
    plan::plan(config, naming, problems);
}

/// What would be started, and why.
pub(crate) fn explain(config: &AnalyticsConfig, naming: Naming) -> Result<Explanation, ConfigErrors> {
    planned(config, naming).map(|plan| plan.explanation(naming))
}

/// Starts what is configured.
fn sink(config: &AnalyticsConfig, naming: Naming) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
    started(planned(config, naming)?, config, naming)
}

/// Starts what is configured, and has every backend that sends tell `observers`.
#[cfg(feature = "posthog")]
fn observed_sink(
    config: &AnalyticsConfig,
    naming: Naming,
    observers: &Observers,
) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
    let mut plan = planned(config, naming)?;
    plan.tell(observers);
    started(plan, config, naming)
}

fn planned(config: &AnalyticsConfig, naming: Naming) -> Result<Plan, ConfigErrors> {
    let mut problems = Problems::default();
    let plan = plan::plan(config, naming, &mut problems);
    problems.none_or(plan)
}

fn started(plan: Plan, config: &AnalyticsConfig, naming: Naming) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
    let mut problems = Problems::default();
    let sink = start::start(plan, config, naming, &mut problems);
    problems.none_or(sink)
}
