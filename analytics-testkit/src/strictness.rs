//! What production would refuse and leave out.

use analytics_core::{LeftOut, OwnedRecord, Refusal};
use analytics_posthog_encoder::{EncoderConfig, PostHogEncoder, Protocol};

/// Whether a sink takes more than production does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// It refuses and leaves out what the strictest backend does: PostHog's, in either protocol.
    #[default]
    AsProduction,
    /// It takes everything.
    Lenient,
}

impl Strictness {
    /// Takes out of `record` what would be left out, and returns that.
    ///
    /// # Errors
    /// Why the whole record would be refused.
    pub(crate) fn apply_to(self, record: &mut OwnedRecord) -> Result<Vec<LeftOut>, Refusal> {
        let mut all: Vec<LeftOut> = Vec::new();
        if self == Self::Lenient {
            return Ok(all);
        }
        for protocol in [Protocol::V0, Protocol::V1] {
            for left_out in encoded(record, protocol)? {
                if !all.contains(&left_out) {
                    all.push(left_out);
                }
            }
        }
        for left_out in &all {
            record.leave_out(left_out);
        }
        Ok(all)
    }
}

fn encoded(record: &OwnedRecord, protocol: Protocol) -> Result<Vec<LeftOut>, Refusal> {
    let mut config = EncoderConfig::default();
    config.protocol = protocol;
    let encoded = PostHogEncoder::new(config).encode(&record.as_record(), &mut Vec::new())?;
    Ok(encoded.left_out)
}
