//! The lines that say at start-up what becomes of events.

use super::choice::Silence;
use crate::Backend;
use crate::setting::{self, Naming};

/// Says where events go.
pub(super) fn destinations<'d>(descriptions: impl Iterator<Item = &'d str>) {
    let all: Vec<_> = descriptions.collect();
    if !all.is_empty() {
        tracing::info!("analytics: events go to {}", all.join(", and to "));
    }
}

/// Says why none are sent, and how to see them.
pub(super) fn silence(silence: Silence, naming: Naming) {
    match (silence, naming) {
        (Silence::NoKey, _) => {
            let key = naming.assign(&setting::KEY, "phc_…");
            let ways = ways_to_see(naming);
            tracing::info!(
                "analytics: there is no project key, no events are sent to PostHog; set {key} to send them, {ways}"
            );
        }
        (Silence::Chosen, _) => tracing::info!("analytics: the backend is noop, no events are sent"),
        (Silence::Disabled, Naming::Variables) => {
            tracing::info!("analytics: disabled by ANALYTICS_DISABLED or DO_NOT_TRACK, no events are sent");
        }
        (Silence::Disabled, Naming::Fields) => tracing::info!("analytics: disabled, no events are sent"),
    }
}

/// How to see events without a key, with the cargo feature where it takes one.
fn ways_to_see(naming: Naming) -> String {
    let way = |backend: Backend, with: &str| {
        let assign = naming.assign(&setting::BACKEND, backend.name());
        match backend.missing_feature() {
            None => format!("{assign}{with}"),
            Some(feature) => format!("{assign}{with} (cargo feature `{feature}`)"),
        }
    };
    let inspector = way(Backend::Inspector, " with `analytics-inspector` running");
    format!("{inspector} or {} to see them", way(Backend::Log, ""))
}
