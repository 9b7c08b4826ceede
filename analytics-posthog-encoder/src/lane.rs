//! What PostHog asks of an event by the lane that it takes.

use analytics_core::{DropReason, Lane, Refusal};

use crate::config::EncoderConfig;
use crate::protocol::Protocol;

/// The beginning of every name that the AI route takes. From PostHog's source, `rust/capture`: an event of another name
/// costs the whole request, a 400.
const AI_NAMES: &str = "$ai_";

/// The settings as they are for `lane`: the AI route takes v0's form, whatever is chosen for other events, and larger
/// events.
pub(crate) fn config_of(lane: Lane, config: &EncoderConfig) -> EncoderConfig {
    match lane {
        Lane::Ai => {
            EncoderConfig { protocol: Protocol::V0, limits: config.limits.with_bytes(config.ai_event_bytes), ..*config }
        }
        _ => *config,
    }
}

/// Refuses an event that would cost its whole batch, by its name on the wire.
pub(crate) fn check_name(lane: Lane, name: &str) -> Result<(), Refusal> {
    if lane != Lane::Ai || name.starts_with(AI_NAMES) {
        return Ok(());
    }
    let why = "it is in the lane of AI events, and its name does not begin with `$ai_`: PostHog would refuse the whole \
               request";
    Err(Refusal::new(DropReason::InvalidName, why))
}
