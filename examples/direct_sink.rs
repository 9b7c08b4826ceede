//! How do I write a sink without the delivery engine? This one keeps the newest events in memory, for a status page.
//! Run it with `cargo run -p analytics-examples --example direct_sink`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use analytics_core::{
    Accounts, Actor, Analytics, AnalyticsSink, Captured, CopilotEvent, DropReason, Health, Lane, Ledger, Record,
};

/// The newest events as lines, `None` once the sink is closed; and the books.
#[derive(Debug)]
struct Recent {
    accounts: Accounts,
    lines: Mutex<Option<VecDeque<String>>>,
}

impl Recent {
    fn new() -> Self {
        Self { accounts: Accounts::new(), lines: Mutex::new(Some(VecDeque::new())) }
    }

    fn lines(&self) -> MutexGuard<'_, Option<VecDeque<String>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[analytics_core::async_trait]
impl AnalyticsSink for Recent {
    fn capture(&self, record: &Record<'_>) -> Captured {
        // The event's own code may panic, or track another event: it runs under no lock and costs this event only.
        let Ok(line) = catch_unwind(AssertUnwindSafe(|| record.to_string())) else {
            return self.accounts.refuse(record.lane(), DropReason::Panicked);
        };
        let mut lines = self.lines();
        let Some(newest) = lines.as_mut() else { return self.accounts.refuse(record.lane(), DropReason::Closed) };
        // Pending, until the permit says what became of the event; dropped by any other way out, it counts as
        // abandoned.
        let permit = self.accounts.admit(record);
        newest.push_front(line);
        newest.truncate(3);
        permit.delivered();
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {} // there always is

    async fn flush(&self, _grace: Duration) -> Ledger {
        self.ledger() // nothing is ever left to wait for
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        *self.lines() = None;
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.accounts.ledger()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        if self.lines().is_some() { Health::Ok } else { Health::Closed }
    }
}

fn main() {
    let recent = Arc::new(Recent::new());
    let analytics = Analytics::new(Arc::clone(&recent));
    for message_length in 1..=5 {
        analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length });
    }
    println!("{}\n{}", Vec::from(recent.lines().clone().unwrap_or_default()).join("\n"), analytics.ledger());
}

#[test]
fn it_keeps_the_contract() {
    analytics_testkit::contract::check(Recent::new);
}
