//! The project's key.

use std::time::{Duration, Instant};

use product_analytics::AnalyticsConfig;
use product_analytics::config::{KeyVerdict, Target};

use crate::report::{Check, Failure, Report};

/// What can be told by looking at it.
pub(crate) fn shape(target: &Target) -> Check {
    let key = &target.fingerprint;
    let Some(source) = target.key_source else {
        return Check::ok("key", format!("{key} stands in for a key, the inspector takes any"));
    };
    match target.key_oddity {
        None => Check::ok("key", format!("{key} from {source} looks like a project's key")),
        // Servers on this machine take any, and are there to try things out.
        Some(_) if target.region == "local" => Check::ok("key", format!("{key} from {source}")),
        Some(oddity) => Check::warn("key", format!("{key} from {source} {oddity}"))
            .with_fix("compare it with the project's settings in PostHog"),
    }
}

/// What PostHog says of it, if events go there.
pub(crate) fn verify(timeout: Duration, report: &mut Report) {
    let begun = Instant::now();
    let asked = AnalyticsConfig::from_env().and_then(|config| config.verify_key(timeout));
    let took = begun.elapsed();
    // What is wrong with the configuration has been told.
    let Ok(Some(verdict)) = asked else { return };
    match verdict {
        KeyVerdict::Known => report.tell(Check::ok("verify", "the server knows the key").took(took)),
        KeyVerdict::Unknown => report.fail(
            Failure::Refused,
            Check::ok("verify", "the server does not know the key: its events are answered 200 and lost")
                .took(took)
                .with_fix(
                    "copy the key of a project in this region; PostHog says the same of a key that is minutes old, and \
                     while it cannot look keys up",
                ),
        ),
        other => report.tell(Check::warn("verify", other.to_string()).took(took)),
    }
}
