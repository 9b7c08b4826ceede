//! Receipts for events that come to the engine without a sink.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use analytics_core::{
    Acknowledged, Actor, Analytics, AnalyticsSink, Captured, CopilotEvent, DropReason, Health, Lane, Ledger, Receipt,
    Record, async_trait,
};

/// Makes receipts. They come with records only, so this is a sink that takes them off.
#[derive(Clone, Debug)]
pub(crate) struct Stationer {
    analytics: Analytics,
    taken: Arc<Mutex<Option<Receipt>>>,
}

impl Stationer {
    pub(crate) fn new() -> Self {
        let taken = Arc::new(Mutex::new(None));
        Self { analytics: Analytics::new(Taker(Arc::clone(&taken))), taken }
    }

    /// A receipt, and what its owner waits for.
    pub(crate) fn receipt(&self) -> (Receipt, Acknowledged) {
        let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };
        let acknowledged = self.analytics.send(Actor::user("u1"), event);
        (self.taken.lock().unwrap().take().unwrap(), acknowledged)
    }
}

#[derive(Debug)]
struct Taker(Arc<Mutex<Option<Receipt>>>);

#[async_trait]
impl AnalyticsSink for Taker {
    fn capture(&self, record: &Record<'_>) -> Captured {
        *self.0.lock().unwrap() = record.receipt();
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        self.ledger()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        self.ledger()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        Health::Ok
    }

    fn ledger(&self) -> Ledger {
        Ledger::new()
    }
}
