//! How a sink is doing, through all that stands before it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use analytics_core::{
    Analytics, AnalyticsSink, Captured, DropReason, Fanout, Filter, Health, Ledger, Record, Sample, async_trait,
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

    async fn room(&self) {}

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
}

#[test]
fn a_fan_out_to_nobody_is_well_until_it_is_shut_down() {
    let analytics = Analytics::new(Fanout::new());
    assert_eq!(analytics.health(), Health::Ok);
    analytics.shutdown_blocking(Duration::from_secs(60));
    assert_eq!(analytics.health(), Health::Closed);
}
