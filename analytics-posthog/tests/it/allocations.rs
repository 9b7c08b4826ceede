//! Tracking allocates nothing on the caller's thread.

use allocation_counter::measure;
use analytics_core::{Actor, Analytics, CopilotEvent, Flags};
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
    let flags = Flags::new().with("button", "blue").with("checkout", true);
    let analytics = spawn(config).with("environment", "test").with("source", "chat_copilot").scoped(|scope| {
        scope.session("s1").client_ip([203, 0, 113, 7].into()).user_agent("curl/8").flags(&flags);
    });
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

const KEYS: [&str; 16] = [
    "key_a", "key_b", "key_c", "key_d", "key_e", "key_f", "key_g", "key_h", "key_i", "key_j", "key_k", "key_l",
    "key_m", "key_n", "key_o", "key_p",
];
/// None of them is copied as it stands: some are escaped in JSON.
const TEXT: &str = "a value of \"some\" length";

#[test]
fn a_scope_of_many_properties() {
    let analytics = Analytics::new(NoopSink::new()).with("environment", "test");
    let pairs = KEYS.map(|key| (key, TEXT));
    let at_once = measure(|| drop(analytics.with_properties(&pairs)));
    let scoped = measure(|| {
        drop(analytics.scoped(|scope| {
            scope.properties(&pairs).session("s1").group("company", "acme");
        }));
    });
    assert!(at_once.count_total <= 4, "{} allocations", at_once.count_total);
    assert!(scoped.count_total <= 6, "{} allocations", scoped.count_total);
}

#[test]
fn a_chain_of_scopes_grows_linearly() {
    let analytics = Analytics::new(NoopSink::new());
    let chain = |length: usize| {
        let child = |analytics: Analytics, key: &&str| analytics.with(key, TEXT);
        measure(|| drop(KEYS.iter().take(length).fold(analytics.clone(), child))).count_total
    };
    assert_eq!([1, 2, 4, 8, 16].map(chain), [3, 6, 12, 24, 48]);
}

#[test]
fn a_tracker_is_cloned_and_copied_actors_are_shared() {
    let analytics = Analytics::new(NoopSink::new()).with("environment", "test");
    let id = "a user whose id is longer than a number or a UUID would be";
    let tracker = analytics.by(Actor::user(id)).with("request", 1).into_owned();
    let late = analytics.by_late(&analytics_core::LateActor::new(Actor::nobody()));
    let info = measure(|| {
        for _ in 0..100 {
            let clones = (tracker.clone(), late.clone().into_owned());
            clones.0.track(CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
            clones.1.track(CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
        }
    });
    assert_eq!((info.count_total, info.bytes_total), (0, 0));
}
