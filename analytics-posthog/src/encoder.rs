//! The encoder, as the engine calls it.

use analytics_core::{Encoded, EventId, Lane, Record, Refusal};
use analytics_delivery::{Encoder, OrderKey, Route};
use analytics_posthog_encoder::{EncoderConfig, PostHogEncoder, Protocol};

use crate::config::PostHogConfig;

/// Writes records in PostHog's JSON, each for its lane's route, or that of the past.
#[derive(Debug)]
pub(crate) struct RoutedEncoder {
    inner: PostHogEncoder,
    wire_format: u8,
    historical: bool,
}

impl RoutedEncoder {
    pub(crate) fn new(config: &PostHogConfig) -> Self {
        let mut encoding = EncoderConfig::default();
        encoding.protocol = config.options.protocol;
        encoding.limits = config.options.limits;
        encoding.ai_event_bytes = config.options.max_ai_event_bytes.get();
        encoding.keep_geoip = !config.options.disable_geoip;
        encoding.person_profiles = config.options.person_profiles;
        let wire_format = config.options.protocol.wire_format();
        Self { inner: PostHogEncoder::new(encoding), wire_format, historical: config.options.historical }
    }
}

impl Encoder for RoutedEncoder {
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
        self.inner.encode(record, out)
    }

    fn event_id(&self, event: &[u8]) -> Option<EventId> {
        PostHogEncoder::event_id(event)
    }

    fn order(&self, record: &Record<'_>) -> OrderKey {
        // Of a merge it is the id that leads on the wire, which is the actor's.
        OrderKey::of_record(record)
    }

    fn route(&self, record: &Record<'_>) -> Route {
        let route = Route::of(record);
        // The AI route's form is v0's, whatever is chosen for other events.
        let wire_format = if route.lane == Lane::Ai { Protocol::V0.wire_format() } else { self.wire_format };
        let route = route.with_wire_format(wire_format);
        if self.historical { route.historical() } else { route }
    }
}
