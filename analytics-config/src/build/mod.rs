//! From a configuration to a sink.

#[cfg(feature = "posthog")]
mod address;
mod announce;
mod choice;
mod compression;
mod plan;
#[cfg(feature = "posthog")]
mod remote;
mod start;
mod texts;
mod verification;

use analytics_core::AnalyticsSink;
#[cfg(feature = "posthog")]
use analytics_posthog::Observers;

pub(crate) use self::verification::verify_key;

use self::plan::Plan;
use crate::errors::{ConfigErrors, Problems};
use crate::setting::Naming;
use crate::{AnalyticsConfig, Explanation};

/// Collects what is wrong with `config`, without starting anything.
pub(crate) fn check(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) {
    plan::plan(config, naming, problems);
}

/// What would be started, and why.
pub(crate) fn explain(config: &AnalyticsConfig, naming: Naming) -> Result<Explanation, ConfigErrors> {
    planned(config, naming).map(|plan| plan.explanation(naming))
}

/// Starts what is configured.
pub(crate) fn sink(config: &AnalyticsConfig, naming: Naming) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
    started(planned(config, naming)?, config, naming)
}

/// Starts what is configured, and has every backend that sends tell `observers`.
#[cfg(feature = "posthog")]
pub(crate) fn observed_sink(
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
