//! What a flush or a shutdown returns was told before.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use analytics_core::{Analytics, DropReason, Health};
use analytics_delivery::{DeliveryConfig, DeliverySink, Observers, Outcome, Overflow, SinkSnapshot};

use crate::support::{Act, LONG, Lines, Scripted, flush_until, track};

/// A handle on a sink of which every drop is counted as it is told.
fn counting(
    transport: &Scripted,
    config: DeliveryConfig,
    observers: Observers,
) -> (Analytics, Arc<DeliverySink>, Arc<AtomicU64>) {
    let told = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&told);
    let observers = observers.on_drop(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let sink = Arc::new(DeliverySink::spawn_observed(Lines, transport.clone(), config, observers).unwrap());
    (Analytics::new(Arc::clone(&sink)), sink, told)
}

fn small(overflow: Overflow) -> DeliveryConfig {
    let mut config = DeliveryConfig::default();
    config.queue_events = NonZeroUsize::new(40).unwrap();
    config.overflow = overflow;
    config
}

/// Six producers and a queue of 40, so that most events are dropped while somebody flushes.
#[test]
fn every_drop_that_a_flush_counts_was_told_under_both_policies() {
    const FLUSHES: usize = 1_000;
    for overflow in [Overflow::DropNewest, Overflow::DropOldest] {
        let (analytics, sink, told) = counting(&Scripted::default(), small(overflow), Observers::new());
        let is_over = AtomicBool::new(false);
        let mut lost = 0;
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        track(&analytics, "s1");
                    }
                });
            }
            for flush in 0..FLUSHES {
                let ledger = analytics.flush_blocking(LONG);
                // Read in this order: what is missed meanwhile was counted before.
                let told = told.load(Ordering::SeqCst) + sink.missed_notices();
                assert!(told >= ledger.lost(), "{overflow:?}, flush {flush}: {told} told of {}", ledger.lost());
                lost = ledger.lost();
            }
            is_over.store(true, Ordering::Relaxed);
        });
        assert!(lost > 0, "{overflow:?}: nothing was dropped, so nothing is shown");
    }
}

#[test]
fn what_a_shutdown_abandons_is_told_and_measured_before_it_returns_however_much_it_is() {
    // More than may wait to be told, by two times.
    const EVENTS: u64 = 8_200;
    let unreachable = (0..1_000).map(|_| Act::Answer(Outcome::Retry { after: None }));
    let last = Arc::new(Mutex::new(None::<SinkSnapshot>));
    let kept = Arc::clone(&last);
    let observers = Observers::new().on_snapshot(move |measure| *kept.lock().unwrap() = Some(measure.clone()));
    let (analytics, sink, told) = counting(&Scripted::acting(unreachable), DeliveryConfig::default(), observers);
    (0..EVENTS).for_each(|_| track(&analytics, "s1"));
    // A tenth of the grace is for the telling: enough for a busy machine.
    let ledger = analytics.shutdown_blocking(Duration::from_secs(6));
    assert_eq!((ledger.dropped(DropReason::Abandoned), ledger.pending()), (EVENTS, 0), "{ledger}");
    assert_eq!((told.load(Ordering::SeqCst), sink.missed_notices()), (EVENTS, 0));
    assert_eq!(last.lock().unwrap().as_ref().unwrap().ledger, ledger, "the last measure follows the close");
}

#[test]
fn what_a_shutdown_abandons_is_told_also_if_the_worker_never_looks_again() {
    let (analytics, _, told) = counting(&Scripted::acting([Act::Block]), DeliveryConfig::default(), Observers::new());
    (0..500).for_each(|_| track(&analytics, "s1"));
    flush_until(&analytics, |ledger| ledger.traffic().requests == 1);
    let ledger = analytics.shutdown_blocking(Duration::from_secs(5));
    assert_eq!(ledger.dropped(DropReason::Abandoned), 500, "{ledger}");
    assert_eq!(told.load(Ordering::SeqCst), 500);
}

#[test]
fn a_flush_from_inside_an_observer_waits_for_no_observer() {
    let handle = Arc::new(Mutex::new(None::<Analytics>));
    let (in_observer, (flushed, is_flushed)) = (Arc::clone(&handle), mpsc::channel());
    let observers = Observers::new().on_batch(move |_| {
        let analytics = in_observer.lock().unwrap().clone();
        if let Some(analytics) = analytics {
            // Far longer than the test has patience.
            flushed.send(analytics.flush_blocking(Duration::from_secs(86_400))).unwrap();
        }
    });
    let (analytics, _, _) = counting(&Scripted::default(), DeliveryConfig::default(), observers);
    *handle.lock().unwrap() = Some(analytics.clone());
    track(&analytics, "s1");
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    assert_eq!(is_flushed.recv_timeout(LONG).unwrap().delivered(), 1);
    *handle.lock().unwrap() = None;
}

/// Flushes from inside of each line, with a grace that is far longer than the test has patience.
#[derive(Clone, Default)]
struct FlushesInside {
    analytics: Arc<Mutex<Option<Analytics>>>,
    flushes: Arc<AtomicU64>,
}

impl tracing::Subscriber for FlushesInside {
    fn enabled(&self, _metadata: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _span: &tracing::span::Id, _values: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _span: &tracing::span::Id, _follows: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let analytics = self.analytics.lock().unwrap().clone();
        if let Some(analytics) = analytics.filter(|_| event.metadata().target().starts_with("analytics::delivery")) {
            assert_eq!(analytics.flush_blocking(Duration::from_secs(86_400)).pending(), 0);
            self.flushes.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn enter(&self, _span: &tracing::span::Id) {}

    fn exit(&self, _span: &tracing::span::Id) {}
}

#[test]
fn a_flush_from_inside_a_line_of_the_log_waits_for_no_line() {
    let mut config = DeliveryConfig::default();
    config.queue_bytes = NonZeroUsize::new(1_000).unwrap();
    let (analytics, _, told) = counting(&Scripted::default(), config, Observers::new());
    let subscriber = FlushesInside::default();
    *subscriber.analytics.lock().unwrap() = Some(analytics.clone());
    let ledger = tracing::subscriber::with_default(subscriber.clone(), || {
        track(&analytics, "s1");
        // Too large for the queue: a line of this thread's.
        track(&analytics, &"x".repeat(2_000));
        analytics.flush_blocking(LONG)
    });
    *subscriber.analytics.lock().unwrap() = None;
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::TooLarge)), (1, 1), "{ledger}");
    assert_eq!((subscriber.flushes.load(Ordering::SeqCst), told.load(Ordering::SeqCst)), (1, 1));
}

#[test]
fn a_flush_and_a_shutdown_from_inside_the_worker_wait_for_nobody() {
    let transport = Scripted::acting([Act::Flush]);
    let analytics = transport.start(DeliveryConfig::default());
    track(&analytics, "s1");
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.dropped(DropReason::Abandoned), ledger.pending()), (1, 0), "the transport shut the sink down");
    assert_eq!(analytics.health(), Health::Closed);
}
