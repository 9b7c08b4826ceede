//! A sink that is several.

use std::time::Duration;

use async_trait::async_trait;

use super::branches::{self, Branches};
use crate::lane::Lane;
use crate::ledger::{Captured, DropReason, Ledger, Settlement};
use crate::record::Record;
use crate::sink::{AnalyticsSink, Health};
use crate::unwind::discard_panic;

/// Gives every record to several sinks. One that panics or stalls does not hurt the others.
///
/// The ledger is the sum over the sinks: one event given to two sinks is captured twice.
/// [`ledgers`](Self::ledgers) tells them apart. To give each record to one of several there is
/// [`Router`](crate::Router).
///
/// A panic in a sink is counted as [`DropReason::Panicked`]; with debug assertions it is resumed once all sinks
/// have the record, so that a mock's failed expectation is seen.
#[derive(Debug, Default)]
pub struct Fanout {
    branches: Branches,
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
        self.branches.push(name.into(), sink);
        self
    }

    /// Every sink's own ledger, by name, in the order in which they were added.
    #[must_use]
    pub fn ledgers(&self) -> Vec<(&str, Ledger)> {
        self.branches.ledgers()
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
        if self.branches.all().is_empty() {
            return self.branches.drops().count(record.lane(), DropReason::Disabled);
        }
        let immediate = record.without_waiting();
        let mut answer = Captured::Dropped(DropReason::Disabled);
        let mut panicked = None;
        for (index, branch) in self.branches.all().iter().enumerate() {
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
        branches::answer(answer, panicked)
    }

    async fn room(&self, lane: Lane) {
        if let Some(first) = self.branches.all().first() {
            first.sink().room(lane).await;
        }
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        self.branches.flush(grace).await
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        self.branches.shutdown(grace).await
    }

    fn ledger(&self) -> Ledger {
        self.branches.ledger()
    }

    fn purge(&self, reason: DropReason) -> u64 {
        self.branches.purge(reason)
    }

    /// The worst of its sinks: one whose key is not known, else the one that has failed for longest. Those that are
    /// closed do not count, unless all are.
    fn health(&self) -> Health {
        self.branches.health()
    }
}
