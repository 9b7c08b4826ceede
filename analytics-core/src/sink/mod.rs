//! Where records go.

mod forward;
mod health;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

pub use self::health::Health;
use crate::lane::Lane;
use crate::ledger::{Captured, DropReason, Ledger};
use crate::record::Record;

/// Where records go: a server, a test's recording, nowhere.
///
/// # Contract
///
/// The testkit runs these clauses as a suite against any sink.
///
/// 1. **Nothing blocks.** `capture` returns without waiting for I/O, for room or for another thread's work, and does
///    not panic, whatever a record's properties do. It may be called from any thread, with or without a runtime,
///    from inside another `capture` and from a `tracing` layer.
/// 2. **Every record is counted once.** `Kept` records are pending until they are delivered or dropped; `Dropped`
///    ones are counted before `capture` returns; `NoRoom` is not counted and is answered only to a record that
///    [waits for room](Record::waits_for_room).
/// 3. **The ledger is exact at any moment**, not only at rest.
/// 4. **`flush` is a barrier.** It returns when all that was captured before it was called is settled, or at the
///    grace; what is left then stays pending.
/// 5. **`shutdown` ends.** It returns at the grace at the latest and may be called twice, from anywhere, and after
///    a call that was cancelled. What is left at the grace is counted
///    [`DropReason::Abandoned`]; afterwards every record is dropped as
///    [`DropReason::Closed`].
/// 6. **The futures need no runtime.** A sink keeps a grace with [`timeout`](crate::timeout), and wakes `room` when a
///    record may be kept again or the sink is closed.
/// 7. **A record is read only through its `visit_*` methods**, and what a wrapper filtered stays filtered.
/// 8. **`health` tells whether the sink is closed.** It is [`Health::Closed`] after a shutdown, and not before one was
///    asked for.
/// 9. **`purge` counts what it drops** under its reason, and answers with their number. It closes nothing.
///
/// A sink that only forwards forwards every method; `#[deny(clippy::missing_trait_methods)]` keeps it so.
#[async_trait]
pub trait AnalyticsSink: fmt::Debug + Send + Sync + 'static {
    /// Takes a record in, or says why not.
    fn capture(&self, record: &Record<'_>) -> Captured;

    /// Waits until a record in `lane` may be kept, or the sink is closed. A lane that is full holds up nobody who waits
    /// for another.
    async fn room(&self, lane: Lane);

    /// Waits until all that was captured before is settled, at most for `grace`. Nothing is dropped by this.
    async fn flush(&self, grace: Duration) -> Ledger;

    /// Delivers what is pending, for at most `grace`, and closes the sink.
    async fn shutdown(&self, grace: Duration) -> Ledger;

    /// What became of every record so far.
    fn ledger(&self) -> Ledger;

    /// Drops the events that wait, for `reason`: because consent was withdrawn, say. What is on its way may still
    /// arrive. Returns the number of those that were dropped.
    fn purge(&self, reason: DropReason) -> u64;

    /// How the sink is doing, for a health check; nothing a service does should depend on it. Cheap, and never blocks:
    /// it tells what the last attempts came to, and makes none.
    fn health(&self) -> Health;
}
