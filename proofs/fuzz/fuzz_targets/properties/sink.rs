//! A sink that writes one record down.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use analytics_core::{Analytics, AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Record};
use analytics_posthog::fuzzing::Encoder;
use analytics_posthog::{ApiKey, Host};
use async_trait::async_trait;

use crate::fact::Input;

/// The JSON and the number of properties that are not in it, or why there is none.
type Encoded = Result<(Vec<u8>, u32), DropReason>;

/// What the encoder made of a record.
#[derive(Debug)]
pub struct Written {
    encoder: Encoder,
    encoded: Mutex<Option<Encoded>>,
}

impl Written {
    /// What the encoder makes of a fact; `None` if it never sees it.
    pub fn of(input: &Input) -> Option<Encoded> {
        let (key, host) = (ApiKey::parse("phc_fuzz").expect("a key"), Host::parse("eu").expect("a host"));
        let written = Arc::new(Self { encoder: Encoder::new(key, host), encoded: Mutex::default() });
        input.track(&Analytics::new(Arc::clone(&written)));
        written.encoded.lock().expect("one thread").take()
    }
}

#[async_trait]
impl AnalyticsSink for Written {
    fn capture(&self, record: &Record<'_>) -> Captured {
        let encoded = self.encoder.encode(record);
        *self.encoded.lock().expect("one thread") = Some(encoded);
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
