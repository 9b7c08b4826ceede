//! From a configuration to a sink.

mod announce;
mod choice;
mod plan;
#[cfg(feature = "posthog")]
mod remote;
mod start;
mod verification;

use analytics_core::AnalyticsSink;

pub(crate) use self::verification::verify_key;

use crate::errors::{ConfigErrors, Problems};
use crate::setting::Naming;
use crate::{AnalyticsConfig, Explanation};

/// Collects what is wrong with `config`, without starting anything.
pub(crate) fn check(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) {
    plan::plan(config, naming, problems);
}

/// What would be started, and why.
pub(crate) fn explain(config: &AnalyticsConfig, naming: Naming) -> Result<Explanation, ConfigErrors> {
    let mut problems = Problems::default();
    let plan = plan::plan(config, naming, &mut problems);
    problems.none_or(plan).map(|plan| plan.explanation(naming))
}

/// Starts what is configured.
pub(crate) fn sink(config: &AnalyticsConfig, naming: Naming) -> Result<Box<dyn AnalyticsSink>, ConfigErrors> {
    let mut problems = Problems::default();
    let plan = plan::plan(config, naming, &mut problems);
    let plan = problems.none_or(plan)?;
    let mut problems = Problems::default();
    let sink = start::start(plan, config, naming, &mut problems);
    problems.none_or(sink)
}
