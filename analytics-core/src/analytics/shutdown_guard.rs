//! Shutdown at the end of a scope.

use std::time::Duration;

use super::Analytics;

/// Shuts analytics down when it is dropped; made by [`Analytics::shutdown_on_drop`].
///
/// The one place where a drop may block, for at most the grace: the caller asked for it.
///
/// A signal (Ctrl-C, SIGTERM) and `std::process::exit` end a program without dropping anything, and what is pending is
/// lost without a word. Handle the signals so that `main` returns, and return an `ExitCode` in place of `exit`.
#[derive(Debug)]
#[must_use = "bind the guard to a name, `let _guard = …`: dropped at once, as by `let _ = …`, it shuts down at once"]
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
