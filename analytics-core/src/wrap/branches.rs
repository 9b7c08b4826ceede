//! Sinks under names, asked and flushed together.

use std::any::Any;
use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::lane::Lane;
use crate::ledger::{Captured, DropReason, Drops, Ledger};
use crate::log_target::TARGET;
use crate::record::Record;
use crate::sink::{AnalyticsSink, Health};
use crate::timeout::{join_all, timeout};
use crate::unwind::{catch_panic, discard_panic};

/// How much longer than its grace a sink may take before the others stop waiting for it.
const TOLERANCE: Duration = Duration::from_millis(250);

/// Sinks under names, as one. What one of them does, panics and stalls, is no concern of the others.
#[derive(Debug, Default)]
pub(super) struct Branches {
    all: Vec<Branch>,
    /// Records for which there was no sink.
    drops: Drops,
    /// Whether they were shut down, which matters for records that no sink is given.
    closed: AtomicBool,
}

/// A sink under a name.
#[derive(Debug)]
pub(super) struct Branch {
    name: String,
    inner: Box<dyn AnalyticsSink>,
    drops: Drops,
    /// Whether a record that waits found no room, and nobody has found any since.
    refuses: AtomicBool,
}

/// What a sink panicked with.
pub(super) type Panic = Box<dyn Any + Send>;

type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Branches {
    pub(super) fn push(&mut self, name: String, sink: impl AnalyticsSink) {
        self.all.push(Branch { name, inner: Box::new(sink), drops: Drops::new(), refuses: AtomicBool::new(false) });
    }

    pub(super) fn all(&self) -> &[Branch] {
        &self.all
    }

    /// The records for which there was no sink.
    pub(super) fn drops(&self) -> &Drops {
        &self.drops
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Every sink's own ledger, by name, in the order in which they were added.
    pub(super) fn ledgers(&self) -> Vec<(&str, Ledger)> {
        self.all.iter().map(|branch| (branch.name.as_str(), branch.ledger())).collect()
    }

    /// The sum over the sinks, and the records for which there was none.
    pub(super) fn ledger(&self) -> Ledger {
        let mut sum = self.drops.added_to(Ledger::new());
        self.all.iter().for_each(|branch| sum += branch.ledger());
        sum
    }

    pub(super) async fn flush(&self, grace: Duration) -> Ledger {
        let all = self.all.iter().map(|branch| Box::pin(branch.wait(grace, branch.inner.flush(grace))) as _);
        join_all(all.collect()).await;
        self.ledger()
    }

    pub(super) async fn shutdown(&self, grace: Duration) -> Ledger {
        let all = self.all.iter().map(|branch| Box::pin(branch.wait(grace, branch.inner.shutdown(grace))) as _);
        join_all(all.collect()).await;
        self.closed.store(true, Ordering::Release);
        self.ledger()
    }

    pub(super) fn purge(&self, reason: DropReason) -> u64 {
        self.all.iter().map(|branch| branch.inner.purge(reason)).sum()
    }

    /// The worst of the sinks: one whose key is not known, else the one that has failed for longest. Those that are
    /// closed do not count, unless all are.
    pub(super) fn health(&self) -> Health {
        let none = || if self.is_closed() { Health::Closed } else { Health::Disabled };
        self.all.iter().map(|branch| branch.inner.health()).reduce(Health::or_worse).unwrap_or_else(none)
    }
}

/// What became of a record, once every sink has it that was to have it. With debug assertions a sink's panic reaches
/// the caller, so that a mock's failed expectation is seen.
pub(super) fn answer(captured: Captured, panic: Option<Panic>) -> Captured {
    match panic {
        Some(panic) if cfg!(debug_assertions) => resume_unwind(panic),
        panic => {
            panic.into_iter().for_each(discard_panic);
            captured
        }
    }
}

impl Branch {
    /// What becomes of a record, and the panic that became of the sink if one did.
    pub(super) fn capture(&self, record: &Record<'_>) -> (Captured, Option<Panic>) {
        match catch_unwind(AssertUnwindSafe(|| self.inner.capture(record))) {
            Ok(captured) => {
                if captured == Captured::NoRoom {
                    self.refuses.store(true, Ordering::Relaxed);
                }
                (captured, None)
            }
            Err(panic) => {
                if self.drops.count_first(record.lane(), DropReason::Panicked) {
                    catch_panic(|| {
                        tracing::error!(target: TARGET, sink = %self.name, "a sink panicked, the others go on");
                    });
                }
                (Captured::Dropped(DropReason::Panicked), Some(panic))
            }
        }
    }

    fn ledger(&self) -> Ledger {
        self.drops.added_to(self.inner.ledger())
    }

    pub(super) fn sink(&self) -> &dyn AnalyticsSink {
        &*self.inner
    }

    /// Waits for room in this sink; for ever in one that panics.
    pub(super) async fn room_caught(&self, lane: Lane) {
        if let Err(payload) = Unpanicked(self.inner.room(lane)).await {
            discard_panic(payload);
            pending::<()>().await;
        }
    }

    pub(super) fn refuses(&self) -> bool {
        self.refuses.load(Ordering::Relaxed)
    }

    /// Notes that there is room again.
    pub(super) fn has_room(&self) {
        self.refuses.store(false, Ordering::Relaxed);
    }

    /// Waits for `future` of this branch's sink; a sink that panics in it is done with it.
    async fn wait<T>(&self, grace: Duration, future: Pending<'_, T>) {
        let limit = grace.saturating_add(TOLERANCE);
        match timeout(limit, Unpanicked(future)).await {
            Some(Ok(_)) => {}
            Some(Err(payload)) => {
                discard_panic(payload);
                catch_panic(
                    || tracing::error!(target: TARGET, sink = %self.name, "a sink panicked while it was flushed"),
                );
            }
            None => {
                catch_panic(
                    || tracing::warn!(target: TARGET, sink = %self.name, ?grace, "a sink did not keep its grace"),
                );
            }
        }
    }
}

struct Unpanicked<F>(F);

impl<F: Future + Unpin> Future for Unpanicked<F> {
    type Output = Result<F::Output, Panic>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.0).poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}
