//! How delivery is doing.

use std::time::Instant;

use analytics_core::{DropReason, Health};

use crate::engine::{OutageView, Phase};

/// How delivery is doing, as the engine's last attempts tell it.
pub(crate) fn health(phase: Phase, outage: OutageView<'_>, started: Instant) -> Health {
    match (phase, outage) {
        (Phase::Closed, _) => Health::Closed,
        (_, OutageView { reason: Some(DropReason::Unauthorized), .. }) => Health::Unauthorized,
        (_, OutageView { since: Some(since), cause, .. }) => Health::failing(started + since, cause),
        (_, OutageView { since: None, .. }) => Health::Ok,
    }
}
