//! Shutdown at the end of a scope.

use std::time::Duration;

use super::Analytics;

/// Shuts analytics down when it is dropped; made by [`Analytics::shutdown_on_drop`].
///
/// The one place where a drop may block, for at most the grace: the caller asked for it.
#[derive(Debug)]
#[must_use = "dropped at once, the guard shuts down at once"]
pub struct ShutdownGuard {
    analytics: Analytics,
    grace: Duration,
}

impl ShutdownGuard {
    pub(super) fn new(analytics: Analytics, grace: Duration) -> Self {
        Self { analytics, grace }
    }
}

impl Drop for ShutdownGuard {
    fn drop(&mut self) {
        self.analytics.shutdown_blocking(self.grace);
    }
}
