//! Starts what was planned.

use analytics_core::{AnalyticsSink, Fanout};
use analytics_noop::NoopSink;
#[cfg(feature = "posthog")]
use analytics_posthog::{PostHogConfig, PostHogError, PostHogSink};

use super::announce::announce;
#[cfg(any(feature = "log", feature = "posthog"))]
use super::plan::Planned;
use super::plan::{Destination, Plan};
#[cfg(feature = "posthog")]
use super::verification;
use crate::config::errors::Problems;
use crate::config::explanation::{Chosen, Explanation};
#[cfg(feature = "posthog")]
use crate::config::log_target::TARGET;
#[cfg(feature = "posthog")]
use crate::config::setting;
use crate::config::setting::Naming;
use crate::config::settings::AnalyticsConfig;
#[cfg(feature = "posthog")]
use crate::config::settings::Backend;

/// A backend that runs.
struct Started {
    chosen: Chosen,
    sink: Box<dyn AnalyticsSink>,
}

/// Starts what was planned and says so; what fails goes to `problems`.
pub(super) fn start(
    plan: Plan,
    config: &AnalyticsConfig,
    naming: Naming,
    problems: &mut Problems,
) -> Box<dyn AnalyticsSink> {
    let start = |destination| start_one(destination, config, naming, problems);
    let started: Vec<_> = plan.destinations.into_iter().filter_map(start).collect();
    if problems.is_empty() {
        let chosen = started.iter().map(|started| started.chosen.clone()).collect();
        announce(&Explanation { chosen, no_events: plan.no_events, unread: plan.unread, naming });
    }
    joined(started)
}

#[cfg_attr(
    not(feature = "posthog"),
    allow(
        unused_variables,
        clippy::needless_pass_by_value,
        clippy::unnecessary_wraps,
        reason = "only a remote backend has settings and can fail to start"
    )
)]
fn start_one(
    destination: Destination,
    config: &AnalyticsConfig,
    naming: Naming,
    problems: &mut Problems,
) -> Option<Started> {
    let chosen = destination.chosen;
    match destination.sink {
        #[cfg(feature = "log")]
        Planned::Log => Some(Started { chosen, sink: Box::new(crate::log::LogSink::new()) }),
        #[cfg(feature = "posthog")]
        Planned::PostHog(posthog) => {
            let asked = verification::is_due(config, chosen.backend).then(|| posthog.clone());
            let sink = start_posthog(chosen.backend, *posthog, config.required, naming, problems)?;
            // A sink that runs is not held back by a test process's guard: whoever may send may ask.
            if let Some(posthog) = asked {
                verification::verify(&posthog, &chosen, config, naming, problems);
            }
            Some(Started { chosen, sink: Box::new(sink) })
        }
    }
}

#[cfg(feature = "posthog")]
fn start_posthog(
    backend: Backend,
    config: PostHogConfig,
    required: bool,
    naming: Naming,
    problems: &mut Problems,
) -> Option<PostHogSink> {
    let name = backend.as_str();
    let host = config.host.to_string();
    match PostHogSink::spawn(config) {
        Ok(sink) => return Some(sink),
        Err(PostHogError::InTestProcess(test)) if required => {
            let problem = format!("analytics is required, but {name} does not start in a test process ({test})");
            let host = if backend == Backend::Inspector { &setting::INSPECTOR_URL } else { &setting::HOST };
            let host = naming.assign(host, "http://127.0.0.1:8010");
            let allow = naming.assign(&setting::ALLOW_IN_TESTS, "true");
            problems.add(naming.name(&setting::REQUIRED), problem, format!("set {host}, or {allow}, or unset this"));
        }
        Err(error @ PostHogError::InTestProcess(_)) => {
            tracing::warn!(target: TARGET, "{name} did not start, its events are dropped: {error}");
        }
        Err(PostHogError::NoTls(_)) => {
            let problem = format!("{name} needs TLS to reach {host}, and none is compiled in");
            let fix = "enable the cargo feature `rustls` or `native-tls` of product-analytics";
            problems.add(naming.name(&setting::BACKEND), problem, fix);
        }
        Err(PostHogError::Header(header)) => {
            let problem = format!("the header {header:?} is not valid");
            let fix = "a name is ASCII letters, digits and hyphens, a value has no line breaks";
            problems.add(setting::HEADERS_FIELD, problem, fix);
        }
        Err(error) => {
            let problem = format!("{name} could not be started: {error}");
            problems.add(naming.name(&setting::BACKEND), problem, "mend that, or choose another backend");
        }
    }
    None
}

fn joined(mut started: Vec<Started>) -> Box<dyn AnalyticsSink> {
    match started.pop() {
        None => Box::new(NoopSink::new()),
        Some(only) if started.is_empty() => only.sink,
        Some(last) => {
            let all = started.into_iter().chain([last]);
            Box::new(all.fold(Fanout::new(), |all, each| all.with(each.chosen.backend.as_str(), each.sink)))
        }
    }
}
