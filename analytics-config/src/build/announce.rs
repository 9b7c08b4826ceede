//! The lines that say at start-up what becomes of events.

use crate::Explanation;

/// Says where events go, and why some go nowhere.
pub(super) fn announce(explanation: &Explanation) {
    for line in explanation.lines() {
        tracing::info!("analytics: {line}");
    }
}
