//! Who is told what becomes of events.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent, Event, EventId};
use analytics_delivery::{
    AttemptResult, BatchReport, DeliveryConfig, DeliverySink, DroppedEvent, Observers, Outcome, Verdict,
};

use crate::support::{Act, LONG, Lines, Scripted, flush_until, track};

/// A handle on a sink with this transport, and these observers.
fn start(transport: &Scripted, config: DeliveryConfig, observers: Observers) -> (Analytics, Arc<DeliverySink>) {
    let sink = DeliverySink::spawn_observed(Lines, transport.clone(), config, observers).unwrap();
    let sink = Arc::new(sink);
    (Analytics::new(Arc::clone(&sink)), sink)
}

/// Collects what observers are told.
fn collected<T: Clone + Send + 'static>() -> (Arc<Mutex<Vec<T>>>, impl Fn(&T) + Send + Sync + 'static) {
    let all = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&all);
    (all, move |one: &T| kept.lock().unwrap().push(one.clone()))
}

#[test]
fn every_attempt_is_told_with_what_became_of_its_events() {
    let verdicts = vec![Verdict::Delivered, Verdict::Dropped(DropReason::Refused), Verdict::Retry];
    let outcomes = [Outcome::Retry { after: None }, Outcome::Split, Outcome::PerEvent { verdicts, after: None }];
    let transport = Scripted::acting(outcomes.map(Act::Answer));
    let (batches, on_batch) = collected::<BatchReport>();
    let (analytics, _) = start(&transport, DeliveryConfig::default(), Observers::new().on_batch(on_batch));
    (0..6).for_each(|_| track(&analytics, "s1"));
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (5, 1));
    let told: Vec<_> = batches
        .lock()
        .unwrap()
        .iter()
        .map(|batch| (batch.result, batch.attempt, batch.events, batch.delivered, batch.dropped, batch.to_retry))
        .collect();
    let expected = [
        (AttemptResult::Failed, 1, 6, 0, 0, 6),
        (AttemptResult::Split, 2, 6, 0, 0, 6),
        // What could not be kept goes before the other half: it is all of one actor.
        (AttemptResult::Answered, 1, 3, 1, 1, 1),
        (AttemptResult::Answered, 2, 1, 1, 0, 0),
        (AttemptResult::Answered, 1, 3, 3, 0, 0),
    ];
    assert_eq!(told, expected);
    let batches = batches.lock().unwrap();
    assert!(batches[0].number == batches[1].number && batches[2].number == batches[3].number, "{batches:?}");
    assert!(batches[0].cause == "as told" && batches[0].event_bytes > 0, "{:?}", batches[0]);
}

#[test]
fn what_a_flush_returns_was_measured_before() {
    let (measures, on_snapshot) = collected::<analytics_delivery::SinkSnapshot>();
    let (analytics, _) =
        start(&Scripted::default(), DeliveryConfig::default(), Observers::new().on_snapshot(on_snapshot));
    for delivered in 1..=200 {
        track(&analytics, "s1");
        assert_eq!(analytics.flush_blocking(LONG).delivered(), delivered);
        assert_eq!(measures.lock().unwrap().last().unwrap().ledger.delivered(), delivered);
    }
}

#[test]
fn an_attempt_that_panics_is_told_too() {
    let (batches, on_batch) = collected::<BatchReport>();
    let transport = Scripted::acting([Act::Panic]);
    let (analytics, _) = start(&transport, DeliveryConfig::default(), Observers::new().on_batch(on_batch));
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    let results: Vec<_> = batches.lock().unwrap().iter().map(|batch| batch.result).collect();
    assert_eq!(results, [AttemptResult::CutOff, AttemptResult::Answered]);
}

#[test]
fn every_drop_is_told_with_the_event_as_it_would_have_been_sent() {
    let transport = Scripted::acting([Act::Answer(Outcome::Refused(DropReason::Refused))]);
    let (drops, on_drop) = collected::<DroppedEvent>();
    let (analytics, _sink) = start(&transport, DeliveryConfig::default(), Observers::new().on_drop(on_drop));
    track(&analytics, "refused");
    assert_eq!(analytics.flush_blocking(LONG).lost(), 1);
    track(&analytics, "purged");
    assert_eq!(analytics.purge(DropReason::Consent), 1);
    assert_eq!(analytics.shutdown_blocking(LONG).pending(), 0);
    let id: EventId = "0197b1a0-0000-7000-8000-000000000001".parse().unwrap();
    analytics.event(Actor::user("u1"), DynamicEvent::new("late")).id(id).track();
    // Nobody waits for what is told after the shutdown, but for the next flush.
    assert_eq!(analytics.flush_blocking(LONG).dropped(DropReason::Closed), 1);
    let drops = drops.lock().unwrap();
    let reasons: Vec<_> = drops.iter().map(DroppedEvent::reason).collect();
    assert_eq!(reasons, [DropReason::Refused, DropReason::Consent, DropReason::Closed]);
    let text = |index: usize| drops[index].bytes().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
    assert!(text(0).unwrap().contains("session_id=refused") && text(1).unwrap().contains("session_id=purged"));
    assert_eq!((text(2), drops[2].id()), (None, Some(id)));
}

#[test]
fn what_is_left_at_a_shutdown_is_told() {
    let transport = Scripted::acting([Act::Hang]);
    let (drops, on_drop) = collected::<DroppedEvent>();
    let (told, all_told) = mpsc::channel();
    let observers = Observers::new().on_drop(on_drop).on_drop(move |_| told.send(()).unwrap());
    let (analytics, _) = start(&transport, DeliveryConfig::default(), observers);
    (0..3).for_each(|_| track(&analytics, "s1"));
    flush_until(&analytics, |ledger| ledger.traffic().requests == 1);
    let ledger = analytics.shutdown_blocking(std::time::Duration::from_millis(50));
    assert_eq!(ledger.dropped(DropReason::Abandoned), 3);
    (0..3).for_each(|_| all_told.recv_timeout(LONG).unwrap());
    assert_eq!(ledger.traffic().requests, 1, "the request that was called off counts");
    assert!(drops.lock().unwrap().iter().all(|dropped| dropped.reason() == DropReason::Abandoned));
}

#[derive(Event)]
#[event(name = "event_dropped")]
struct EventDropped;

#[test]
fn telemetry_about_telemetry_does_not_feed_itself() {
    let transport = Scripted::acting((0..3).map(|_| Act::Answer(Outcome::Refused(DropReason::Refused))));
    let handle = Arc::new(Mutex::new(None::<Analytics>));
    let in_observer = Arc::clone(&handle);
    let observers = Observers::new().on_drop(move |_| {
        in_observer.lock().unwrap().as_ref().unwrap().track(Actor::service("observer"), EventDropped);
    });
    let (analytics, _) = start(&transport, DeliveryConfig::default(), observers);
    *handle.lock().unwrap() = Some(analytics.clone());
    (0..3).for_each(|_| track(&analytics, "s1"));
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!(ledger.dropped(DropReason::Refused), 3);
    assert_eq!(analytics.flush_blocking(LONG).dropped(DropReason::Feedback), 3, "refused, and not told of");
    *handle.lock().unwrap() = None;
}

#[test]
fn an_observer_that_panics_or_hangs_harms_nobody() {
    let transport = Scripted::default();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let observers = Observers::new().on_drop(move |_| {
        let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
        if first {
            released.lock().unwrap().recv().unwrap_or_default();
            panic!("an observer panics, as told");
        }
    });
    let (analytics, sink) = start(&transport, DeliveryConfig::default(), observers);
    track(&analytics, "s1");
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    // The first notice holds the observer, 4,096 wait behind it, and the others are counted.
    for _ in 0..5_000 {
        track(&analytics, "late");
    }
    let ledger = analytics.ledger();
    assert_eq!((ledger.dropped(DropReason::Closed), ledger.captured()), (5_000, 5_001), "nobody waited");
    let missed = sink.missed_notices();
    assert!((903..=904).contains(&missed), "{missed}");
    release.send(()).unwrap();
    let begun = std::time::Instant::now();
    while told.load(Ordering::SeqCst) + usize::try_from(missed).unwrap() < 5_000 {
        assert!(begun.elapsed() < LONG, "told {told:?}, missed {missed}");
        std::thread::yield_now();
    }
}

#[test]
fn a_shutdown_waits_until_all_is_told_also_when_too_much_waits() {
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let on_drop = move |_: &DroppedEvent| {
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            released.lock().unwrap().recv().unwrap_or_default();
        }
    };
    let refused = std::iter::repeat_n(Act::Answer(Outcome::Refused(DropReason::Refused)), 1_000);
    let observers = Observers::new().on_drop(on_drop);
    let (analytics, sink) = start(&Scripted::acting(refused), DeliveryConfig::default(), observers);
    (0..20_000).for_each(|_| track(&analytics, "s1"));
    while sink.missed_notices() == 0 {
        std::thread::yield_now();
    }
    let waiting = std::thread::spawn(move || analytics.shutdown_blocking(LONG));
    release.send(()).unwrap();
    let ledger = waiting.join().unwrap();
    let told = u64::try_from(told.load(Ordering::SeqCst)).unwrap();
    assert_eq!(told + sink.missed_notices(), ledger.lost());
}

#[test]
fn a_flush_that_finds_all_settled_waits_until_it_is_told() {
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let refused = std::iter::repeat_n(Act::Answer(Outcome::Refused(DropReason::Refused)), 10_000);
    let observers = Observers::new().on_drop(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    // So that a few left over are sent at once, too.
    let mut config = DeliveryConfig::default();
    config.flush_interval = std::time::Duration::from_millis(1);
    let (analytics, sink) = start(&Scripted::acting(refused), config, observers);
    for round in 1..=100 {
        (0..500).for_each(|_| track(&analytics, "s1"));
        while analytics.ledger().lost() < 500 * round {
            std::thread::yield_now();
        }
        let ledger = analytics.flush_blocking(LONG);
        let told = u64::try_from(told.load(Ordering::SeqCst)).unwrap();
        assert_eq!(told + sink.missed_notices(), ledger.lost());
    }
}

#[cfg(feature = "metrics")]
#[test]
fn metrics_tell_how_attempts_went() {
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install().unwrap();
    let transport = Scripted::acting([Act::Answer(Outcome::Refused(DropReason::Refused))]);
    let (analytics, _) = start(&transport, DeliveryConfig::default(), Observers::new().with_metrics());
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).lost(), 1);
    (0..4).for_each(|_| track(&analytics, "s1"));
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 4);
    let mut seen = Vec::new();
    for (key, _, _, value) in snapshotter.snapshot().into_vec() {
        let labels: Vec<_> = key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(level) => level.to_string(),
            DebugValue::Histogram(values) if key.key().name() == "analytics_batch_events" => format!("{values:?}"),
            DebugValue::Histogram(values) => values.len().to_string(),
        };
        seen.push(format!("{}{{{}}} {value}", key.key().name(), labels.join(",")));
    }
    seen.sort();
    assert_eq!(
        seen,
        [
            "analytics_attempt_seconds{destination=a test} 2",
            "analytics_batch_events{destination=a test} [1.0, 4.0]",
            "analytics_pending_bytes{destination=a test} 0",
        ]
    );
}
