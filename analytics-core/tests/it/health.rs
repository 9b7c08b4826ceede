//! How a sink is doing, through all that stands before it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use analytics_core::{
    Analytics, AnalyticsSink, Captured, DropReason, Fanout, Filter, Health, Lane, Ledger, Record, Sample, async_trait,
};

/// A sink that is as it is told, until it is shut down.
#[derive(Clone, Debug)]
struct Ailing(Arc<Mutex<Health>>);

impl Ailing {
    fn new(health: &Health) -> Self {
        Self(Arc::new(Mutex::new(health.clone())))
    }
}

#[async_trait]
impl AnalyticsSink for Ailing {
    fn capture(&self, _record: &Record<'_>) -> Captured {
        Captured::Dropped(DropReason::Refused)
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        Ledger::new()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        *self.0.lock().unwrap() = Health::Closed;
        Ledger::new()
    }

    fn ledger(&self) -> Ledger {
        Ledger::new()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        self.0.lock().unwrap().clone()
    }
}

fn failing() -> Health {
    Health::failing(Instant::now(), "status 503")
}

#[test]
fn a_handle_tells_what_the_sink_behind_pointers_and_wrappers_says() {
    let health = failing();
    let sink = Ailing::new(&health);
    let wrapped: Box<dyn AnalyticsSink> =
        Box::new(Filter::new(Sample::new(Fanout::new().with("one", Arc::new(sink.clone())), 0.5).unwrap()));
    let analytics = Analytics::new(wrapped);
    assert_eq!(analytics.health(), health);
    *sink.0.lock().unwrap() = Health::Ok;
    assert!(analytics.health().is_ok());
    analytics.shutdown_blocking(Duration::from_secs(60));
    assert_eq!(analytics.health(), Health::Closed);
}

#[test]
fn a_fan_out_is_as_the_worst_of_its_open_sinks() {
    let health = failing();
    let fanout = |all: &[Health]| {
        all.iter().fold(Fanout::new(), |fanout, health| fanout.with("one", Ailing::new(health))).health()
    };
    assert_eq!(fanout(&[Health::Ok, Health::Ok]), Health::Ok);
    assert_eq!(fanout(&[Health::Ok, health.clone(), Health::Closed]), health);
    assert_eq!(fanout(&[health, Health::Unauthorized, Health::Ok]), Health::Unauthorized);
    assert_eq!(fanout(&[Health::Closed, Health::Ok]), Health::Ok);
    assert_eq!(fanout(&[Health::Closed, Health::Closed]), Health::Closed);
    assert_eq!(fanout(&[Health::Disabled, Health::Ok]), Health::Ok);
}

#[test]
fn a_fan_out_to_nobody_is_disabled_until_it_is_shut_down() {
    let analytics = Analytics::new(Fanout::new());
    assert_eq!(analytics.health(), Health::Disabled);
    analytics.shutdown_blocking(Duration::from_secs(60));
    assert_eq!(analytics.health(), Health::Closed);
}

#[test]
fn a_handle_is_enabled_where_an_event_may_be_kept() {
    for (health, is_enabled) in [
        (Health::Ok, true),
        (failing(), true),
        (Health::Unauthorized, true),
        (Health::Disabled, false),
        (Health::Closed, false),
        (Health::Forked, false),
    ] {
        assert_eq!(Analytics::new(Ailing::new(&health)).is_enabled(), is_enabled, "{health}");
    }
    let one_of_two = Fanout::new().with("none", Ailing::new(&Health::Disabled)).with("one", Ailing::new(&Health::Ok));
    assert!(Analytics::new(one_of_two).is_enabled());
}
