//! Doors for the fuzz targets in `proofs/fuzz/`: what is private here, as functions over plain data.

use analytics_core::{DropReason, Record};
use analytics_delivery::Encoder as _;

use crate::api_key::ApiKey;
use crate::config::PostHogConfig;
use crate::encoder::RoutedEncoder;
use crate::host::Host;
pub use crate::transport::fuzz_entry::{RawAnswer, classify, retry_after};

/// The encoder with its default settings.
#[derive(Debug)]
pub struct Encoder(RoutedEncoder);

impl Encoder {
    /// An encoder, for a host that gets nothing.
    #[must_use]
    pub fn new(key: ApiKey, host: Host) -> Self {
        Self(RoutedEncoder::new(&PostHogConfig::new(key, host)))
    }

    /// The event's JSON, and how many of its properties are not in it.
    ///
    /// # Errors
    /// The reason for which the whole event is dropped.
    pub fn encode(&self, record: &Record<'_>) -> Result<(Vec<u8>, u32), DropReason> {
        let mut out = Vec::new();
        let encoded = self.0.encode(record, &mut out).map_err(|refusal| refusal.reason())?;
        Ok((out, u32::try_from(encoded.left_out.len()).unwrap_or(u32::MAX)))
    }
}
