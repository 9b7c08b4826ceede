//! The same promises on a current-thread runtime, a multi-thread runtime and with none.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use analytics_core::{Actor, Analytics, DropReason, Event, Json};
use analytics_inspector::{Fault, Inspector};
use analytics_posthog::PostHogConfig;
use serde::{Serialize, Serializer};
use tokio::runtime::Builder;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::{LONG, config, count, inspector, spawn, track};

/// Runs a scene where a service could run it.
fn everywhere(scene: fn(&Analytics, &Inspector)) {
    everywhere_with(|_| (), scene);
}

/// The same, with settings.
fn everywhere_with(set: fn(&mut PostHogConfig), scene: fn(&Analytics, &Inspector)) {
    let run = move || {
        let inspector = inspector();
        let mut config = config(&inspector.url());
        set(&mut config);
        scene(&spawn(config), &inspector);
    };
    run();
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async { run() });
    let many = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    many.block_on(async { tokio::spawn(async move { run() }).await.unwrap() });
}

#[test]
fn events_arrive_and_after_a_shutdown_they_are_counted_as_closed() {
    everywhere(|analytics, inspector| {
        track(analytics);
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
        track(analytics);
        assert_eq!(analytics.shutdown_blocking(LONG).dropped(DropReason::Closed), 1);
        assert_eq!(inspector.totals().unique_events, 1);
    });
}

#[test]
fn a_shutdown_ends_although_the_server_never_answers() {
    everywhere(|analytics, inspector| {
        inspector.inject(Fault::never_answer().always());
        (0..3).for_each(|_| track(analytics));
        let ledger = analytics.shutdown_blocking(Duration::from_millis(50));
        assert_eq!((ledger.dropped(DropReason::Abandoned), ledger.pending()), (3, 0));
    });
}

#[test]
fn a_full_queue_drops_what_comes_and_counts_it() {
    let small = |config: &mut PostHogConfig| config.delivery.queue_events = count(100);
    everywhere_with(small, |analytics, inspector| {
        inspector.inject(Fault::never_answer().always());
        (0..1_000).for_each(|_| track(analytics));
        let ledger = analytics.ledger();
        let dropped = ledger.dropped(DropReason::QueueFull);
        assert_eq!((ledger.pending(), dropped), (95, 905), "a twentieth is for critical events");
        assert_eq!(analytics.shutdown_blocking(Duration::ZERO).captured(), 1_000);
    });
}

#[test]
fn a_server_that_answers_503_three_times_loses_nothing() {
    everywhere(|analytics, inspector| {
        inspector.inject(Fault::status(503).times(3));
        (0..10).for_each(|_| track(analytics));
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.lost()), (10, 0));
        assert_eq!((inspector.totals().unique_events, inspector.totals().requests), (10, 4));
    });
}

struct Explosive;

impl Serialize for Explosive {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        panic!("host code")
    }
}

#[derive(Event)]
#[event(name = "exploding")]
struct Exploding {
    before: u32,
    fuse: Json<Explosive>,
}

#[test]
fn a_serialize_that_panics_costs_its_event_and_not_its_neighbours() {
    everywhere(|analytics, inspector| {
        track(analytics);
        analytics.track(Actor::user("u1"), Exploding { before: 1, fuse: Json(Explosive) });
        track(analytics);
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Panicked)), (2, 1));
        assert_eq!(inspector.totals().unique_events, 2);
    });
}

#[test]
fn the_futures_need_no_thread_of_the_runtime() {
    // One thread, which awaits; the sink's own worker does the rest.
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    Builder::new_current_thread().build().unwrap().block_on(async {
        track(&analytics);
        assert_eq!(analytics.flush(LONG).await.delivered(), 1);
        track(&analytics);
        let (one, two) = tokio::join!(analytics.shutdown(LONG), analytics.shutdown(LONG));
        assert_eq!((one.delivered(), two), (2, one));
    });
}

#[test]
fn a_shutdown_that_was_cancelled_can_be_called_again() {
    everywhere(|analytics, inspector| {
        inspector.inject(Fault::delay(Duration::from_millis(50)));
        (0..3).for_each(|_| track(analytics));
        {
            // Polled once, then dropped.
            let mut shutdown = Box::pin(analytics.shutdown(LONG));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(shutdown.as_mut().poll(&mut context).is_pending());
        }
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.captured()), (3, 3));
    });
}

/// A `Serialize` that tracks an event itself.
struct Meddling(Analytics);

impl Serialize for Meddling {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        track(&self.0);
        serializer.serialize_str("meddled")
    }
}

#[derive(Event)]
#[event(name = "outer")]
struct Outer {
    before: &'static str,
    meddling: Json<Meddling>,
    after: &'static str,
}

#[test]
fn a_track_inside_a_serialize_is_an_event_of_its_own() {
    everywhere(|analytics, inspector| {
        let event = Outer { before: "b", meddling: Json(Meddling(analytics.clone())), after: "a" };
        analytics.track(Actor::user("u1"), event);
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 2);
        let outer = inspector.events_named("outer");
        let properties = outer[0].properties();
        assert_eq!((&properties["before"], &properties["meddling"]), (&"b".into(), &"meddled".into()));
        assert_eq!(properties["after"], "a");
        assert_eq!(inspector.events_named("copilot_tool_called").len(), 1);
    });
}

/// A layer that ships every log line as an event.
struct Shipping(Arc<OnceLock<Analytics>>);

impl<S: Subscriber> Layer<S> for Shipping {
    fn on_event(&self, _event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if let Some(analytics) = self.0.get() {
            track(analytics);
        }
    }
}

#[test]
fn a_track_inside_a_tracing_layer_does_not_feed_on_itself() {
    everywhere(|analytics, inspector| {
        let handle = Arc::new(OnceLock::new());
        let subscriber = tracing_subscriber::registry().with(Shipping(Arc::clone(&handle)));
        tracing::subscriber::with_default(subscriber, || {
            handle.set(analytics.clone()).unwrap();
            tracing::info!("a line of the service");
            // Refused, which is logged, which is tracked.
            analytics.track(
                Actor::user("null"),
                Outer { before: "b", meddling: Json(Meddling(analytics.clone())), after: "a" },
            );
            assert_eq!(analytics.flush_blocking(LONG).delivered(), 2);
        });
        assert_eq!(inspector.totals().unique_events, 2);
        assert_eq!(analytics.ledger().dropped(DropReason::InvalidActor), 1);
    });
}
