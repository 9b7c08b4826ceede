//! What a call of `track` costs its caller: `cargo bench -p analytics-posthog`.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot start has nothing to measure")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, CopilotEvent};
use analytics_inspector::{Inspector, InspectorOptions};
use analytics_noop::NoopSink;
use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};
use analytics_testkit::RecordingSink;
use criterion::{Criterion, criterion_group, criterion_main};

const GRACE: Duration = Duration::from_secs(60);
/// Calls between two flushes, which are not timed: fewer than the queue holds.
const ROUND: u64 = 20_000;

fn track(analytics: &Analytics) {
    let event = CopilotEvent::ToolCalled { session_id: "s-81f0", tool_name: "search", tool_call_id: "call_7f3a" };
    analytics.track(Actor::user_or_session(black_box(Some("user-1f2e3d")), "s-81f0"), event);
}

fn scoped(analytics: &Analytics) -> Analytics {
    analytics.with("environment", "production").with("source", "chat_copilot")
}

/// The time of `calls` calls of `track`, with a flush after every round that is not timed.
fn timed(analytics: &Analytics, calls: u64) -> Duration {
    let mut spent = Duration::ZERO;
    let mut left = calls;
    while left > 0 {
        let round = left.min(ROUND);
        let begun = Instant::now();
        (0..round).for_each(|_| track(analytics));
        spent += begun.elapsed();
        assert_eq!(analytics.flush_blocking(GRACE).lost(), 0);
        left -= round;
    }
    spent
}

fn noop(criterion: &mut Criterion) {
    let analytics = scoped(&Analytics::new(NoopSink::new()));
    criterion.bench_function("track/noop", |bencher| bencher.iter(|| track(&analytics)));
}

fn recording(criterion: &mut Criterion) {
    criterion.bench_function("track/recording", |bencher| {
        bencher.iter_custom(|calls| {
            let (sink, _recorded) = RecordingSink::pair();
            timed(&scoped(&Analytics::new(sink)), calls)
        });
    });
}

fn posthog(criterion: &mut Criterion) {
    let inspector = Inspector::start(InspectorOptions::default().with_capacity(1)).unwrap();
    let config = PostHogConfig::new(ApiKey::parse("phc_bench").unwrap(), Host::parse(&inspector.url()).unwrap());
    let analytics = scoped(&Analytics::new(PostHogSink::spawn(config).unwrap()));
    criterion.bench_function("track/posthog", |bencher| bencher.iter_custom(|calls| timed(&analytics, calls)));
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    targets = noop, recording, posthog
}
criterion_main!(benches);
