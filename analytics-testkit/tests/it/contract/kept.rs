//! Sinks that keep the contract.

use std::cell::Cell;
use std::time::Duration;

use analytics_core::{
    AnalyticsSink, Captured, DropReason, Drops, Fanout, Filter, Health, Lane, Ledger, Map, Record, Router, Sample,
    async_trait,
};
use analytics_testkit::{RecordingSink, contract};

fn recording() -> RecordingSink {
    RecordingSink::pair().0
}

#[test]
fn a_recording_keeps_it() {
    contract::check(recording);
}

#[test]
fn a_pointer_keeps_it() {
    contract::check(|| std::sync::Arc::new(Box::new(recording())));
}

#[test]
fn a_filter_keeps_it() {
    contract::check(|| Filter::new(recording()).without_properties(["text"]));
    contract::check(|| Filter::new(recording()).keep_events(|_| false));
}

#[test]
fn a_sample_keeps_it() {
    contract::check(|| Sample::new(recording(), 0.5).expect("a half is a share"));
}

#[test]
fn a_map_keeps_it() {
    contract::check(|| Map::new(recording(), |record| Some(record.with_property("region", "eu"))));
    contract::check(|| Map::new(recording(), |_| None));
}

#[test]
fn a_fan_out_keeps_it() {
    contract::check(|| Fanout::new().with("recording", recording()));
    contract::check(Fanout::new);
}

#[test]
fn a_router_keeps_it() {
    contract::check(|| Router::by_group("organization").with("acme", recording()).otherwise(recording()));
    contract::check(|| Router::by_group("organization").with("acme", recording()));
    contract::check(|| Router::by_group("organization"));
}

#[test]
fn a_sink_that_logs_every_record_but_those_of_its_own_lines_keeps_it() {
    contract::check(|| Telling(recording(), Drops::new()));
}

/// Logs a line for every record, and drops what is captured meanwhile.
#[derive(Debug)]
struct Telling(RecordingSink, Drops);

thread_local! {
    static TELLING: Cell<bool> = const { Cell::new(false) };
}

#[async_trait]
impl AnalyticsSink for Telling {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if TELLING.get() {
            return self.1.count(record.lane(), DropReason::Feedback);
        }
        let captured = self.0.capture(record);
        TELLING.set(true);
        tracing::info!(?captured, "an event was captured");
        TELLING.set(false);
        captured
    }

    async fn room(&self, lane: Lane) {
        self.0.room(lane).await;
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        self.1.added_to(self.0.flush(grace).await)
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        self.1.added_to(self.0.shutdown(grace).await)
    }

    fn ledger(&self) -> Ledger {
        self.1.added_to(self.0.ledger())
    }

    fn purge(&self, reason: DropReason) -> u64 {
        self.0.purge(reason)
    }

    fn health(&self) -> Health {
        self.0.health()
    }
}
