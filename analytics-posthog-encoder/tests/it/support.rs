//! What the tests share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use analytics_core::{
    Analytics, AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Record, Refusal, Sample, async_trait,
};
use analytics_posthog_encoder::{EncoderConfig, PostHogEncoder, Protocol};
use serde_json::Value;

pub(crate) const BOTH: [Protocol; 2] = [Protocol::V0, Protocol::V1];

/// What an encoder wrote.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) event: Value,
    /// The keys that were left out, and why.
    pub(crate) left_out: Vec<(String, String)>,
}

impl Written {
    pub(crate) fn property(&self, key: &str) -> &Value {
        &self.event["properties"][key]
    }

    /// Whether the event makes no person.
    pub(crate) fn is_personless(&self) -> bool {
        let by_property = *self.property("$process_person_profile") == false;
        by_property || self.event["options"]["process_person_profile"] == false
    }

    /// The one property that was left out, and why.
    pub(crate) fn only_left_out(&self) -> (&str, &str) {
        let [(key, why)] = self.left_out.as_slice() else { panic!("left out: {:?}", self.left_out) };
        (key, why)
    }
}

/// What the encoder makes of a record.
#[derive(Debug)]
struct Probe {
    encoder: PostHogEncoder,
    result: Arc<Mutex<Option<Result<Written, Refusal>>>>,
}

#[async_trait]
impl AnalyticsSink for Probe {
    fn capture(&self, record: &Record<'_>) -> Captured {
        let mut out = Vec::new();
        let result = self.encoder.encode(record, &mut out).map(|encoded| {
            let told = |property: &analytics_core::LeftOut| (property.key().to_owned(), property.why().to_owned());
            let event = serde_json::from_slice(&out).unwrap();
            assert_eq!(PostHogEncoder::event_id(&out), Some(record.id()));
            Written { event, left_out: encoded.left_out.iter().map(told).collect() }
        });
        *self.result.lock().unwrap() = Some(result);
        Captured::Dropped(DropReason::Disabled)
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        Ledger::new()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        Ledger::new()
    }

    fn ledger(&self) -> Ledger {
        Ledger::new()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        Health::Ok
    }
}

/// What an encoder with these settings makes of the record that `track` tracks.
pub(crate) fn encoded_with<T>(config: EncoderConfig, track: impl FnOnce(&Analytics) -> T) -> Result<Written, Refusal> {
    let result = Arc::default();
    track(&Analytics::new(Probe { encoder: PostHogEncoder::new(config), result: Arc::clone(&result) }));
    result.lock().unwrap().take().unwrap()
}

/// The same with the default settings.
pub(crate) fn encoded<T>(protocol: Protocol, track: impl FnOnce(&Analytics) -> T) -> Result<Written, Refusal> {
    let mut config = EncoderConfig::default();
    config.protocol = protocol;
    encoded_with(config, track)
}

/// The same through a sample, in which the actor has to be.
pub(crate) fn encoded_sampled(
    config: EncoderConfig,
    rate: f64,
    track: &dyn Fn(&Analytics),
) -> Result<Written, Refusal> {
    let result = Arc::default();
    let probe = Probe { encoder: PostHogEncoder::new(config), result: Arc::clone(&result) };
    track(&Analytics::new(Sample::new(probe, rate).unwrap()));
    result.lock().unwrap().take().unwrap()
}
