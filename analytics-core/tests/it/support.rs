//! What the tests share.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_core::unwind::catch_panic;
use analytics_core::{
    Accounts, Actor, Analytics, AnalyticsSink, Captured, Clock, DropReason, Event, Health, Lane, Ledger, OwnedRecord,
    Record, async_trait,
};

/// A sink that keeps copies. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keeping {
    pub(crate) records: Arc<Mutex<Vec<OwnedRecord>>>,
    pub(crate) accounts: Accounts,
    pub(crate) refuses: bool,
}

impl Keeping {
    pub(crate) fn records(&self) -> Vec<OwnedRecord> {
        self.records.lock().unwrap().clone()
    }

    /// Everything in its one-line form.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.records().iter().map(ToString::to_string).collect()
    }

    pub(crate) fn last(&self) -> OwnedRecord {
        self.records().pop().unwrap()
    }
}

#[async_trait]
impl AnalyticsSink for Keeping {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if self.refuses {
            return if record.waits_for_room() {
                Captured::NoRoom
            } else {
                self.accounts.refuse(record.lane(), DropReason::QueueFull)
            };
        }
        let Some(copy) = catch_panic(|| record.to_owned()) else {
            return self.accounts.refuse(record.lane(), DropReason::Panicked);
        };
        self.records.lock().unwrap().push(copy);
        self.accounts.admit(record).delivered();
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        self.ledger()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.accounts.ledger()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        Health::Ok
    }
}

/// A clock that advances by a second whenever it is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticking(Arc<Mutex<u64>>);

impl Ticking {
    pub(crate) fn asked(&self) -> u64 {
        *self.0.lock().unwrap()
    }
}

impl Clock for Ticking {
    fn now(&self) -> SystemTime {
        let mut seconds = self.0.lock().unwrap();
        *seconds += 1;
        UNIX_EPOCH + Duration::from_secs(*seconds)
    }
}

pub(crate) fn service() -> (Analytics, Keeping) {
    let sink = Keeping::default();
    (Analytics::new(sink.clone()), sink)
}

#[derive(Clone, Copy, Debug, Event)]
#[event(name = "report_exported")]
pub(crate) struct ReportExported<'a> {
    pub(crate) format: &'a str,
    pub(crate) rows: Option<u64>,
}

/// An event that stands for any.
pub(crate) const CSV: ReportExported<'static> = ReportExported { format: "csv", rows: Some(3) };

pub(crate) const USER: &str = "u1";

pub(crate) fn track(analytics: &Analytics) {
    analytics.track(Actor::user(USER), CSV);
}
