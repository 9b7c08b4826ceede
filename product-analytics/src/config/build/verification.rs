//! What follows from PostHog's word on the key.

use std::time::Duration;

use analytics_posthog::{KeyVerdict, PostHogConfig, PostHogError};

use super::plan::{Planned, plan};
use crate::config::errors::{ConfigErrors, Problems};
use crate::config::explanation::Chosen;
use crate::config::log_target::TARGET;
use crate::config::setting;
use crate::config::setting::Naming;
use crate::config::settings::{AnalyticsConfig, Backend, VerifyKey};

/// Asks whether the key is known, whatever is to be done at start.
pub(crate) fn verify_key(config: &AnalyticsConfig, timeout: Duration) -> Result<Option<KeyVerdict>, ConfigErrors> {
    let mut problems = Problems::default();
    let plan = plan(config, Naming::Fields, &mut problems);
    let plan = problems.none_or(plan)?;
    for destination in plan.destinations {
        #[cfg(feature = "log")]
        let Planned::PostHog(posthog) = destination.sink else { continue };
        #[cfg(not(feature = "log"))]
        let Planned::PostHog(posthog) = destination.sink;
        if !takes_one_key(destination.chosen.backend) {
            continue;
        }
        // A key may leave this process only where events may.
        return Ok(Some(match posthog.held_back() {
            None => posthog.verify_key(timeout),
            Some(test) => KeyVerdict::NoAnswer(format!("not asked: {}", PostHogError::InTestProcess(test))),
        }));
    }
    Ok(None)
}

/// Whether it is to be asked at start.
pub(super) fn is_due(config: &AnalyticsConfig, backend: Backend) -> bool {
    config.posthog.verify_key != VerifyKey::Off && takes_one_key(backend)
}

/// The inspector takes any key.
fn takes_one_key(backend: Backend) -> bool {
    backend == Backend::PostHog
}

/// Asks at start. What stands in the way of it goes to `problems`, the rest is one line.
pub(super) fn verify(
    posthog: &PostHogConfig,
    chosen: &Chosen,
    config: &AnalyticsConfig,
    naming: Naming,
    problems: &mut Problems,
) {
    let Some(target) = &chosen.target else { return };
    let (host, key) = (&target.host, &target.fingerprint);
    let key_source = target.key_source.unwrap_or(naming.name(&setting::KEY));
    let verify_key = naming.name(&setting::VERIFY_KEY);
    let warn = naming.assign(&setting::VERIFY_KEY, "warn");
    let is_required = config.posthog.verify_key == VerifyKey::Require;
    let (setting, problem, fix) = match posthog.verify_key(config.posthog.verify_timeout) {
        KeyVerdict::Known => return,
        KeyVerdict::CannotTell(why) => {
            tracing::warn!(target: TARGET, "{host} cannot tell whether the key {key} is known: {why}");
            return;
        }
        KeyVerdict::Unknown => (
            key_source,
            format!("{host} does not know the key {key}"),
            "copy it from the settings of a project in this region; PostHog says the same of a key that is minutes old, \
             and while it cannot look keys up"
                .to_owned(),
        ),
        KeyVerdict::NoAnswer(why) => (
            verify_key,
            format!("whether {host} knows the key {key} could not be asked, it is unreachable: {why}"),
            format!("mend that, or set {warn} to start without the answer"),
        ),
    };
    if is_required {
        problems.add(setting, problem, fix);
    } else if setting == verify_key {
        tracing::warn!(target: TARGET, "{problem}");
    } else {
        tracing::warn!(target: TARGET, "{problem}, its events would be lost although they are answered 200; {fix}");
    }
}
