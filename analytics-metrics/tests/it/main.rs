//! The ledger and the metrics are one set of books.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, with helpers of their own")]

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, CopilotEvent, DropReason, Ledger};
use analytics_noop::NoopSink;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

/// What a recorder was told, which is global; one test at a time reads it.
struct Recorded {
    snapshotter: Snapshotter,
    /// Counters up to now: a snapshot takes them out.
    counters: BTreeMap<String, u64>,
}

fn recorded() -> MutexGuard<'static, Recorded> {
    static RECORDED: OnceLock<Mutex<Recorded>> = OnceLock::new();
    let recorded = RECORDED.get_or_init(|| {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        recorder.install().unwrap();
        Mutex::new(Recorded { snapshotter, counters: BTreeMap::new() })
    });
    recorded.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorded {
    /// All metrics by name, and by reason where they have one.
    fn read(&mut self) -> BTreeMap<String, u64> {
        for (key, _, _, value) in self.snapshotter.snapshot().into_vec() {
            let reason = key.key().labels().next().map(|label| format!(" {}", label.value())).unwrap_or_default();
            let name = format!("{}{reason}", key.key().name());
            match value {
                DebugValue::Counter(count) => *self.counters.entry(name).or_default() += count,
                DebugValue::Gauge(level) => drop(self.counters.insert(name, level.to_string().parse().unwrap())),
                DebugValue::Histogram(_) => panic!("there is none"),
            }
        }
        self.counters.clone()
    }
}

fn track(analytics: &Analytics, actor: &str) {
    analytics.track(Actor::user(actor), CopilotEvent::MessageSent { session_id: "s1", message_length: 1 });
}

/// What the metrics have to say of a ledger, beside what they said before.
fn expected(before: &BTreeMap<String, u64>, ledger: &Ledger) -> BTreeMap<String, u64> {
    let traffic = ledger.traffic();
    let mut counts = vec![
        ("analytics_events_captured_total".to_owned(), ledger.captured()),
        ("analytics_events_delivered_total".to_owned(), ledger.delivered()),
        ("analytics_properties_dropped_total".to_owned(), ledger.properties_dropped()),
        ("analytics_requests_total".to_owned(), traffic.requests),
        ("analytics_body_bytes_total".to_owned(), traffic.body_bytes),
        ("analytics_suspect_answers_total".to_owned(), traffic.suspect),
    ];
    for reason in DropReason::ALL.iter().filter(|reason| !reason.is_intended() || ledger.dropped(**reason) > 0) {
        counts.push((format!("analytics_events_dropped_total {reason}"), ledger.dropped(*reason)));
    }
    let mut all = before.clone();
    for (name, count) in counts {
        *all.entry(name).or_default() += count;
    }
    all.insert("analytics_events_pending".to_owned(), ledger.pending());
    all
}

#[test]
fn what_the_handle_refuses_and_what_follows_the_close_is_exported() {
    let mut recorded = recorded();
    let before = recorded.read();
    let analytics = Analytics::new(NoopSink::new());
    analytics_metrics::export(&analytics).unwrap();
    assert_eq!(recorded.read(), expected(&before, &Ledger::new()), "all series are there from the start");
    for actor in ["u1", "", " ", "u2"] {
        track(&analytics, actor);
    }
    let flushed = analytics.flush_blocking(Duration::ZERO);
    assert_eq!((flushed.captured(), flushed.dropped(DropReason::InvalidActor)), (4, 2));
    assert_eq!(recorded.read(), expected(&before, &flushed));
    track(&analytics, "u3");
    let closed = analytics.shutdown_blocking(Duration::ZERO);
    assert_eq!(recorded.read(), expected(&before, &closed));
    track(&analytics, "");
    let last = analytics.ledger();
    drop(analytics);
    assert_eq!(last.captured(), closed.captured() + 1);
    assert_eq!(recorded.read(), expected(&before, &last));
}

#[test]
fn a_handle_that_nobody_flushes_is_exported_as_well_and_two_add_up() {
    let mut recorded = recorded();
    let before = recorded.read();
    let handles = [(); 2].map(|()| Analytics::new(NoopSink::new()));
    for analytics in &handles {
        analytics_metrics::export_every(analytics, Duration::from_millis(1)).unwrap();
    }
    for analytics in &handles {
        track(analytics, "");
    }
    let both = handles.iter().map(|analytics| analytics.ledger().captured()).sum::<u64>();
    let (name, begun) = ("analytics_events_dropped_total invalid_actor", Instant::now());
    let was = before.get(name).copied().unwrap_or_default();
    while recorded.read().get(name).copied().unwrap_or_default() < was + both {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", recorded.read());
        std::thread::yield_now();
    }
    drop(handles);
    assert_eq!(recorded.read().get(name), Some(&(was + both)), "and once only");
}
