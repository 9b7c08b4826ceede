//! The contract of [`AnalyticsSink`] as a runnable suite, for those who write a sink.
//!
//! ```
//! # #[derive(Debug)] struct MySink(analytics_testkit::RecordingSink);
//! # impl MySink { fn new() -> Self { Self(analytics_testkit::RecordingSink::pair().0) } }
//! # use std::time::Duration;
//! # use analytics_core::{async_trait, AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Record};
//! # #[async_trait] impl AnalyticsSink for MySink {
//! #     fn capture(&self, record: &Record<'_>) -> Captured { self.0.capture(record) }
//! #     async fn room(&self, lane: Lane) { self.0.room(lane).await }
//! #     async fn flush(&self, grace: Duration) -> Ledger { self.0.flush(grace).await }
//! #     async fn shutdown(&self, grace: Duration) -> Ledger { self.0.shutdown(grace).await }
//! #     fn ledger(&self) -> Ledger { self.0.ledger() }
//! #     fn purge(&self, reason: DropReason) -> u64 { self.0.purge(reason) }
//! #     fn health(&self) -> Health { self.0.health() }
//! # }
//! // In a test of your crate:
//! analytics_testkit::contract::check(MySink::new);
//! ```
//!
//! For clause 1 the suite also stands in for a `tracing` layer: it captures a record for every line that the sink
//! logs. A sink that logs a line for every record has to tell such a record from others and drop it, as
//! [`DropReason::Feedback`](analytics_core::DropReason::Feedback).
//!
//! The numbers of the clauses are those in the trait's documentation. What a sink does with its events behind this
//! trait, a wrapper's filtering or a backend's bytes, is for tests of its own.

mod bridge;
mod hostile;
mod records;
mod runtime;

mod clauses;

mod progress;

mod clause_check;

mod suite;

use std::sync::Arc;
use std::time::Duration;

use analytics_core::AnalyticsSink;

use crate::assertion::fail;

/// How long a clause may take before it counts as blocked: several times what its graces add up to.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs every clause of the contract against sinks that `make` makes, each on a current-thread and on a multi-thread
/// tokio runtime, and on none.
///
/// Every sink is new, and no two records are the same. A sink may well be unable to deliver: what cannot be settled
/// in its grace is allowed to stay pending, and then to be abandoned. A sink that gives each record to several sinks
/// inside counts it several times and does not fit; give it one.
///
/// A clause blocks if nothing comes back for ten seconds, longer on a busy machine. It is not tried on further runtimes
/// then, and the other clauses are checked meanwhile. What is done and what is waited for is told on standard error.
///
/// # Panics
/// If a clause is broken. The message names every broken clause, the runtimes, and what was seen.
#[track_caller]
pub fn check<S: AnalyticsSink>(make: impl Fn() -> S + Send + Sync + 'static) {
    let make: Make = Arc::new(move || Arc::new(make()));
    let violations = suite::violations(&make, PATIENCE);
    if !violations.is_empty() {
        fail(&format!("the sink breaks its contract:\n    {}", violations.join("\n    ")));
    }
}

/// A sink under test.
type Sink = Arc<dyn AnalyticsSink>;

/// Makes a new sink.
type Make = Arc<dyn Fn() -> Sink + Send + Sync>;
