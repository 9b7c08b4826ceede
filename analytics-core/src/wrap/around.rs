//! What every sink does alike that wraps one sink and drops some of its records.

use crate::ledger::{Captured, DropReason, Drops};
use crate::log_target::TARGET;
use crate::record::Record;
use crate::unwind::catch_panic;

/// A sink around `inner` that captures by its own method `pass`, and adds its `drops` to the inner sink's ledger. All
/// else is the inner sink's.
macro_rules! around {
    ($wrapper:ident) => {
        #[async_trait::async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<S: $crate::sink::AnalyticsSink> $crate::sink::AnalyticsSink for $wrapper<S> {
            fn capture(&self, record: &$crate::record::Record<'_>) -> $crate::ledger::Captured {
                self.pass(record)
            }

            async fn room(&self, lane: $crate::lane::Lane) {
                self.inner.room(lane).await;
            }

            async fn flush(&self, grace: std::time::Duration) -> $crate::ledger::Ledger {
                self.drops.added_to(self.inner.flush(grace).await)
            }

            async fn shutdown(&self, grace: std::time::Duration) -> $crate::ledger::Ledger {
                self.drops.added_to(self.inner.shutdown(grace).await)
            }

            fn ledger(&self) -> $crate::ledger::Ledger {
                self.drops.added_to(self.inner.ledger())
            }

            fn purge(&self, reason: $crate::ledger::DropReason) -> u64 {
                self.inner.purge(reason)
            }

            fn health(&self) -> $crate::sink::Health {
                self.inner.health()
            }
        }
    };
}
pub(super) use around;

/// Counts an event on which a function of the user's panicked: what it was to hold back or to change might pass.
/// `wrapper` is what the log calls it, with its article.
#[cold]
pub(super) fn count_panicked(drops: &Drops, record: &Record<'_>, wrapper: &str) -> Captured {
    if drops.count_first(record.lane(), DropReason::Panicked) {
        catch_panic(|| {
            tracing::error!(target: TARGET, "{wrapper} panicked, its events are dropped; later ones are counted only");
        });
    }
    Captured::Dropped(DropReason::Panicked)
}
