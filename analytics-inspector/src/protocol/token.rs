//! The shape of a project key.

use super::refusal::Refusal;
use crate::loss::LossReason;

const MAX_BYTES: usize = 64;

/// Refuses a key that no project can have. Space around it does not matter.
pub(crate) fn check_shape(token: &str) -> Result<(), Refusal> {
    let token = token.trim();
    let objection = if token.is_empty() {
        "API key is not valid: empty"
    } else if token.len() > MAX_BYTES {
        "API key is not valid: too_long"
    } else if !token.is_ascii() {
        "API key is not valid: not_ascii"
    } else if token.starts_with("phx_") {
        "API key is not valid: personal_api_key"
    } else if token.contains('\0') {
        "API key is not valid: null_byte"
    } else {
        return Ok(());
    };
    Err(Refusal::unauthorized(LossReason::InvalidApiToken, objection))
}
