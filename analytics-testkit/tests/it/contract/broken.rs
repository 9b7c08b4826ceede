//! Sinks that break the contract, each in one way.

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use analytics_core::{
    Accounts, AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Permit, Record, async_trait,
};
use analytics_testkit::contract;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Broken {
    ReadsWithoutCare,
    ReadsUnderItsLock,
    ForgetsToCount,
    CountsTwice,
    HasNoRoomForAnybody,
    FlushesWithoutWaiting,
    ClosesOnFlush,
    LeavesEventsBehind,
    StaysOpen,
    NeedsARuntime,
    ForgetsWhoWaits,
    LogsEveryRecord,
    ForgetsWhatItsLogLinesBring,
    LooksClosed,
    LooksOpen,
    PurgesInSilence,
    ClosesOnPurge,
}

thread_local! {
    static LOGGING: Cell<bool> = const { Cell::new(false) };
}

/// A sink that holds every record until it is flushed, but for one mistake.
#[derive(Debug)]
struct Sink {
    broken: Broken,
    accounts: Accounts,
    held: Mutex<Vec<Permit>>,
    reading: Mutex<()>,
    closed: AtomicBool,
}

impl Sink {
    fn new(broken: Broken) -> Self {
        Self {
            broken,
            accounts: Accounts::new(),
            held: Mutex::default(),
            reading: Mutex::default(),
            closed: AtomicBool::new(false),
        }
    }

    fn settle_unless(&self, broken: Broken) {
        if self.broken != broken {
            self.held.lock().unwrap().drain(..).for_each(Permit::delivered);
        }
    }
}

#[async_trait]
impl AnalyticsSink for Sink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if self.broken == Broken::HasNoRoomForAnybody {
            return Captured::NoRoom;
        }
        if self.closed.load(Ordering::SeqCst) {
            return self.accounts.refuse(record.lane(), DropReason::Closed);
        }
        if self.broken == Broken::ForgetsWhatItsLogLinesBring && LOGGING.get() {
            return Captured::Kept;
        }
        let read = || drop(record.to_string());
        let _lock = (self.broken == Broken::ReadsUnderItsLock).then(|| self.reading.lock());
        if self.broken == Broken::ReadsWithoutCare {
            read();
        } else if catch_unwind(AssertUnwindSafe(read)).is_err() {
            LOGGING.set(true);
            tracing::warn!("an event was dropped");
            LOGGING.set(false);
            return self.accounts.refuse(record.lane(), DropReason::Panicked);
        }
        if self.broken == Broken::LogsEveryRecord {
            tracing::debug!("an event was captured");
        }
        let permits = match self.broken {
            Broken::ForgetsToCount => 0,
            Broken::CountsTwice => 2,
            _ => 1,
        };
        self.held.lock().unwrap().extend((0..permits).map(|_| self.accounts.admit(record)));
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {
        let forgets = self.broken == Broken::ForgetsWhoWaits;
        let is_open = || forgets && !self.closed.load(Ordering::SeqCst);
        poll_fn(|_| if is_open() { Poll::Pending } else { Poll::Ready(()) }).await;
    }

    async fn flush(&self, _grace: Duration) -> Ledger {
        match self.broken {
            Broken::ClosesOnFlush => self.closed.store(true, Ordering::SeqCst),
            Broken::NeedsARuntime => tokio::spawn(async {}).await.unwrap(),
            _ => {}
        }
        self.settle_unless(Broken::FlushesWithoutWaiting);
        self.ledger()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        self.settle_unless(Broken::LeavesEventsBehind);
        self.closed.store(self.broken != Broken::StaysOpen, Ordering::SeqCst);
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.accounts.ledger()
    }

    fn purge(&self, reason: DropReason) -> u64 {
        if self.broken == Broken::ClosesOnPurge {
            self.closed.store(true, Ordering::SeqCst);
        }
        let held: Vec<Permit> = self.held.lock().unwrap().drain(..).collect();
        let purged = held.len() as u64;
        for permit in held {
            permit.dropped(reason);
        }
        if self.broken == Broken::PurgesInSilence { 0 } else { purged }
    }

    fn health(&self) -> Health {
        match self.broken {
            Broken::LooksClosed => Health::Closed,
            Broken::LooksOpen => Health::failing(Instant::now(), "status 503"),
            _ if self.closed.load(Ordering::SeqCst) => Health::Closed,
            _ => Health::Ok,
        }
    }
}

/// The message of a check that must fail.
fn message(broken: Broken) -> String {
    let checked = catch_unwind(|| contract::check(move || Sink::new(broken)));
    checked.expect_err("the contract is broken").downcast_ref::<String>().expect("a message").clone()
}

/// The clauses that a message names.
fn clauses(message: &str) -> Vec<&str> {
    let lines = message.lines().filter_map(|line| line.trim().strip_prefix("clause "));
    let mut clauses: Vec<&str> = lines.filter_map(|line| line.split(',').next()).collect();
    clauses.dedup();
    clauses
}

#[test]
fn the_broken_clauses_are_named() {
    for (broken, expected) in [
        (Broken::ReadsWithoutCare, &["1"][..]),
        (Broken::ForgetsToCount, &["1", "2", "3", "4", "5"]),
        (Broken::CountsTwice, &["1", "2", "3", "4", "5"]),
        (Broken::HasNoRoomForAnybody, &["1", "2", "3", "5"]),
        (Broken::FlushesWithoutWaiting, &["4"]),
        (Broken::ClosesOnFlush, &["4"]),
        (Broken::LeavesEventsBehind, &["5"]),
        (Broken::StaysOpen, &["5", "8"]),
        (Broken::ForgetsWhoWaits, &["6"]),
        (Broken::LogsEveryRecord, &["1"]),
        (Broken::ForgetsWhatItsLogLinesBring, &["1"]),
        (Broken::LooksClosed, &["8"]),
        (Broken::LooksOpen, &["8"]),
        (Broken::PurgesInSilence, &["9"]),
        (Broken::ClosesOnPurge, &["9"]),
    ] {
        let message = message(broken);
        assert_eq!(clauses(&message), expected, "{broken:?}: {message}");
    }
}

#[test]
fn a_sink_that_needs_a_runtime_is_told_where_it_fails() {
    let message = message(Broken::NeedsARuntime);
    assert_eq!(clauses(&message), ["4"], "{message}");
    assert!(message.contains("there is no reactor running"), "{message}");
    assert!(message.ends_with("(without a runtime)"), "{message}");
}

#[test]
fn a_record_that_is_read_under_the_sinks_lock_is_told_on_one_runtime() {
    insta::assert_snapshot!(message(Broken::ReadsUnderItsLock), @"
    the sink breaks its contract:
        clause 1, capture may be called from inside another capture: it blocks: nothing came back for 10s; a record is read under a lock that capture takes: read it first, then take the lock (without a runtime)
        clause 1, capture may be called from a tracing layer: it blocks: nothing came back for 10s; a line is logged under a lock that capture takes: release it first (without a runtime)
    ");
}

#[test]
fn a_sink_that_would_feed_on_its_own_log_is_told_so() {
    insta::assert_snapshot!(message(Broken::LogsEveryRecord), @"
    the sink breaks its contract:
        clause 1, capture may be called from a tracing layer: it logs a line for every record, and takes one that a layer makes of such a line like any other: that never ends
    ");
    insta::assert_snapshot!(message(Broken::ForgetsWhatItsLogLinesBring), @"
    the sink breaks its contract:
        clause 1, capture may be called from a tracing layer: after a record with a property that panics while it is visited the ledger tells 1 captured · 0 delivered · 1 lost (1 panicked), where capture took 2, 1 of them within log lines
    ");
}

#[test]
fn the_message_tells_what_was_seen() {
    insta::assert_snapshot!(message(Broken::StaysOpen), @"
    the sink breaks its contract:
        clause 5, shutdown ends: afterwards capture answers Kept
        clause 5, shutdown may be called twice: afterwards capture answers Kept
        clause 5, shutdown ends after a call that was cancelled: afterwards capture answers Kept
        clause 8, health tells whether the sink is closed: after a shutdown it is ok
    ");
}
