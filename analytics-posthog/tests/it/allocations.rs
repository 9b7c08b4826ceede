//! Tracking allocates nothing on the caller's thread.

use allocation_counter::measure;
use analytics_core::{Actor, Analytics, CopilotEvent};
use analytics_noop::NoopSink;

use crate::support::{LONG, config, count, inspector, spawn};

const EVENTS: u64 = 100_000;

fn track_many(analytics: &Analytics, events: u64) {
    for number in 1..=events {
        let event = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "call_1" };
        analytics.track(Actor::user_or_session(Some(number), "s1"), event);
    }
}

#[test]
fn into_posthog_with_its_worker_draining_to_a_live_server() {
    let inspector = inspector();
    // Room for all that is tracked here, however slow the machine: a full queue logs its first drop.
    let mut config = config(&inspector.url());
    config.delivery.queue_events = count(200_000);
    config.delivery.queue_bytes = count(64 << 20);
    let analytics = spawn(config).with("environment", "test").with("source", "chat_copilot");
    track_many(&analytics, 3 * 1_000);
    let info = measure(|| track_many(&analytics, EVENTS));
    assert_eq!((info.count_total, info.bytes_total), (0, 0));
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (3 * 1_000 + EVENTS, 0));
    assert_eq!(inspector.totals().unique_events, 3 * 1_000 + EVENTS);
}

#[test]
fn into_the_noop() {
    let analytics = Analytics::new(NoopSink::new()).with("environment", "test");
    let info = measure(|| track_many(&analytics, EVENTS));
    assert_eq!((info.count_total, info.bytes_total), (0, 0));
}
