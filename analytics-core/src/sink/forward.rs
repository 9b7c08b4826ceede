//! Pointers to sinks are sinks.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{AnalyticsSink, Captured, Health};
use crate::lane::Lane;
use crate::ledger::{DropReason, Ledger};
use crate::record::Record;

macro_rules! forward {
    ($($pointer:ident)*) => { $(
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<S: AnalyticsSink + ?Sized> AnalyticsSink for $pointer<S> {
            #[inline]
            fn capture(&self, record: &Record<'_>) -> Captured {
                (**self).capture(record)
            }

            async fn room(&self, lane: Lane) {
                (**self).room(lane).await;
            }

            async fn flush(&self, grace: Duration) -> Ledger {
                (**self).flush(grace).await
            }

            async fn shutdown(&self, grace: Duration) -> Ledger {
                (**self).shutdown(grace).await
            }

            fn ledger(&self) -> Ledger {
                (**self).ledger()
            }

            fn purge(&self, reason: DropReason) -> u64 {
                (**self).purge(reason)
            }

            fn health(&self) -> Health {
                (**self).health()
            }
        }
    )* };
}

forward!(Arc Box);
