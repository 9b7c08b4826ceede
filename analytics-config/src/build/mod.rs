//! From a configuration to a sink.

mod announce;
mod choice;
mod plan;
#[cfg(feature = "posthog")]
mod remote;
mod start;

use analytics_core::AnalyticsSink;

use crate::AnalyticsConfig;
use crate::errors::{ConfigErrors, Problems};
use crate::setting::Naming;

/// Collects what is wrong with `config`, without starting anything.
pub(crate) fn check(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) {
    plan::plan(config, naming, problems);
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
