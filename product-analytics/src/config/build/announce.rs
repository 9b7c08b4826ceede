//! The lines that say at start-up what becomes of events.

use crate::config::explanation::Explanation;
use crate::config::log_target::TARGET;

/// Says where events go, and why some go nowhere; and which variables are not read. That is no warning, for nobody who
/// shares a prefix with others can mend it, and a name that is nearly one of ours has been an error.
pub(super) fn announce(explanation: &Explanation) {
    for line in explanation.lines() {
        tracing::info!(target: TARGET, "{line}");
    }
}
