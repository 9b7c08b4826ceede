//! A sink that is several.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;

use crate::lane::Lane;
use crate::ledger::{Captured, DropReason, Drops, Ledger, Settlement};
use crate::log_target::TARGET;
use crate::record::Record;
use crate::sink::{AnalyticsSink, Health};
use crate::timeout::join_all;
use crate::timeout::timeout;
use crate::unwind::{catch_panic, discard_panic};

/// How much longer than its grace a sink may take before the others stop waiting for it.
const TOLERANCE: Duration = Duration::from_millis(250);

/// Gives every record to several sinks. One that panics or stalls does not hurt the others.
///
/// The ledger is the sum over the sinks: one event given to two sinks is captured twice.
/// [`ledgers`](Self::ledgers) tells them apart.
///
/// A panic in a sink is counted as [`DropReason::Panicked`]; with debug assertions it is resumed once all sinks
/// have the record, so that a mock's failed expectation is seen.
#[derive(Debug, Default)]
pub struct Fanout {
    branches: Vec<Branch>,
    /// Records that came while there was no sink to give them to.
    drops: Drops,
    /// Whether it was shut down, which matters while there is no sink to tell.
    closed: AtomicBool,
}

#[derive(Debug)]
struct Branch {
    name: String,
    inner: Box<dyn AnalyticsSink>,
    drops: Drops,
}

impl Fanout {
    /// A fan-out to no sink yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `sink`, which [`ledgers`](Self::ledgers) will call `name`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, sink: impl AnalyticsSink) -> Self {
        self.branches.push(Branch { name: name.into(), inner: Box::new(sink), drops: Drops::new() });
        self
    }

    /// Every sink's own ledger, by name, in the order in which they were added.
    #[must_use]
    pub fn ledgers(&self) -> Vec<(&str, Ledger)> {
        self.branches.iter().map(|branch| (branch.name.as_str(), branch.ledger())).collect()
    }
}

impl Branch {
    fn capture(&self, record: &Record<'_>) -> (Captured, Option<Box<dyn Any + Send>>) {
        match catch_unwind(AssertUnwindSafe(|| self.inner.capture(record))) {
            Ok(captured) => (captured, None),
            Err(panic) => {
                if self.drops.count_first(record.lane(), DropReason::Panicked) {
                    catch_panic(|| {
                        tracing::error!(target: TARGET, sink = %self.name, "a sink panicked, the others have the event");
                    });
                }
                (Captured::Dropped(DropReason::Panicked), Some(panic))
            }
        }
    }

    fn ledger(&self) -> Ledger {
        self.drops.added_to(self.inner.ledger())
    }

    /// Waits for `future` of this branch's sink; a sink that panics in it is done with it.
    async fn wait<T>(&self, grace: Duration, future: Pin<Box<dyn Future<Output = T> + Send + '_>>) {
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
    type Output = Result<F::Output, Box<dyn Any + Send>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.0).poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl AnalyticsSink for Fanout {
    /// Kept if any sink kept it.
    ///
    /// Only the first sink may answer that there is no room, as nothing is captured by then; the sinks after it are
    /// offered the record as one that does not wait, for asking the first again would capture it twice.
    fn capture(&self, record: &Record<'_>) -> Captured {
        if self.branches.is_empty() {
            return self.drops.count(record.lane(), DropReason::Disabled);
        }
        let immediate = record.without_waiting();
        let mut answer = Captured::Dropped(DropReason::Disabled);
        let mut panicked = None;
        for (index, branch) in self.branches.iter().enumerate() {
            let (captured, panic) = branch.capture(if index == 0 { record } else { &immediate });
            if let Captured::Dropped(reason) = captured
                && let Some(receipt) = record.receipt()
            {
                receipt.settle(Settlement::Dropped(reason));
            }
            match captured {
                Captured::NoRoom => return Captured::NoRoom,
                Captured::Kept => answer = Captured::Kept,
                Captured::Dropped(_) if index == 0 => answer = captured,
                Captured::Dropped(_) => {}
            }
            match panicked {
                None => panicked = panic,
                Some(_) => panic.into_iter().for_each(discard_panic),
            }
        }
        match panicked {
            Some(panic) if cfg!(debug_assertions) => resume_unwind(panic),
            panicked => {
                panicked.into_iter().for_each(discard_panic);
                answer
            }
        }
    }

    async fn room(&self, lane: Lane) {
        if let Some(first) = self.branches.first() {
            first.inner.room(lane).await;
        }
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        let all = self.branches.iter().map(|branch| Box::pin(branch.wait(grace, branch.inner.flush(grace))) as _);
        join_all(all.collect()).await;
        self.ledger()
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        let all = self.branches.iter().map(|branch| Box::pin(branch.wait(grace, branch.inner.shutdown(grace))) as _);
        join_all(all.collect()).await;
        self.closed.store(true, Ordering::Release);
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        let mut sum = self.drops.added_to(Ledger::new());
        self.branches.iter().for_each(|branch| sum += branch.ledger());
        sum
    }

    fn purge(&self, reason: DropReason) -> u64 {
        self.branches.iter().map(|branch| branch.inner.purge(reason)).sum()
    }

    /// The worst of its sinks: one whose key is not known, else the one that has failed for longest. Those that are
    /// closed do not count, unless all are.
    fn health(&self) -> Health {
        let worst = self.branches.iter().map(|branch| branch.inner.health()).reduce(Health::or_worse);
        worst.unwrap_or(if self.closed.load(Ordering::Acquire) { Health::Closed } else { Health::Disabled })
    }
}
