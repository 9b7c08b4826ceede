//! What the tests share.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, CopilotEvent, Ledger};
use analytics_inspector::{Inspector, InspectorOptions};
use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};

/// A bound for what should take a moment: long enough for a busy machine, and reached only by a failure.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) fn inspector() -> Inspector {
    Inspector::start(InspectorOptions::default()).unwrap()
}

pub(crate) fn config(url: &str) -> PostHogConfig {
    PostHogConfig::new(ApiKey::parse("phc_test").unwrap(), Host::parse(url).unwrap())
}

pub(crate) fn spawn(config: PostHogConfig) -> Analytics {
    Analytics::new(PostHogSink::spawn(config).unwrap())
}

pub(crate) fn count(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

/// Waits until something holds.
pub(crate) fn wait_until(holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LONG, "it does not come");
        std::thread::yield_now();
    }
}

/// Flushes until nothing is pending, or an attempt was made and judged, which the health tells: a request counts from
/// its beginning.
pub(crate) fn attempt(analytics: &Analytics) -> Ledger {
    let begun = Instant::now();
    loop {
        let ledger = analytics.flush_blocking(Duration::from_millis(100));
        if ledger.is_settled() || !analytics.health().is_ok() {
            return ledger;
        }
        assert!(begun.elapsed() < LONG, "no attempt was judged: {ledger}");
    }
}

/// Tracks an event that stands for any.
pub(crate) fn track(analytics: &Analytics) {
    let event = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c1" };
    analytics.track(Actor::user("u1"), event);
}
