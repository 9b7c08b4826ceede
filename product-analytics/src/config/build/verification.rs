//! What follows from PostHog's word on the key.

use std::time::Duration;

#[cfg(feature = "posthog")]
use analytics_posthog::{PostHogConfig, PostHogError};

#[cfg(feature = "posthog")]
use super::plan::Planned;
use super::plan::plan;
use crate::config::errors::{ConfigErrors, Problems};
#[cfg(feature = "posthog")]
use crate::config::explanation::Chosen;
#[cfg(feature = "posthog")]
use crate::config::log_target::TARGET;
#[cfg(feature = "posthog")]
use crate::config::setting;
use crate::config::setting::Naming;
use crate::config::settings::AnalyticsConfig;
#[cfg(feature = "posthog")]
use crate::config::settings::{Backend, VerifyKey};
#[cfg(feature = "posthog")]
use crate::config::verify::KeyCheck;
use crate::config::verify::KeyVerdict;

/// Asks whether the key is known, whatever is to be done at start.
#[cfg_attr(not(feature = "posthog"), allow(unused_variables, reason = "there is nobody to ask"))]
pub(crate) fn verify_key(config: &AnalyticsConfig, timeout: Duration) -> Result<Option<KeyVerdict>, ConfigErrors> {
    let mut problems = Problems::default();
    let plan = plan(config, Naming::Fields, &mut problems);
    let plan = problems.none_or(plan)?;
    #[cfg(feature = "posthog")]
    for destination in plan.destinations {
        #[cfg(feature = "log")]
        let Planned::PostHog(posthog) = destination.sink else { continue };
        #[cfg(not(feature = "log"))]
        let Planned::PostHog(posthog) = destination.sink;
        let Some(check) = to_ask(config, destination.chosen.backend, &posthog, timeout) else { continue };
        // A key may leave this process only where events may.
        return Ok(Some(match posthog.held_back() {
            None => check.ask(),
            Some(test) => KeyVerdict::NoAnswer(format!("not asked: {}", PostHogError::InTestProcess(test))),
        }));
    }
    Ok(None)
}

/// What to ask at start, if anything.
#[cfg(feature = "posthog")]
pub(super) fn check(config: &AnalyticsConfig, backend: Backend, posthog: &PostHogConfig) -> Option<KeyCheck> {
    if config.posthog.verify_key == VerifyKey::Off {
        return None;
    }
    to_ask(config, backend, posthog, config.posthog.verify_timeout)
}

#[cfg(feature = "posthog")]
fn to_ask(config: &AnalyticsConfig, backend: Backend, posthog: &PostHogConfig, timeout: Duration) -> Option<KeyCheck> {
    // The inspector takes any key.
    let key = config.posthog.key.as_ref().filter(|_| backend == Backend::PostHog)?;
    Some(KeyCheck::new(key.text().trim(), posthog, timeout))
}

/// Asks at start. What stands in the way of it goes to `problems`, the rest is one line.
#[cfg(feature = "posthog")]
pub(super) fn verify(
    check: KeyCheck,
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
    let (setting, problem, fix) = match check.ask() {
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
