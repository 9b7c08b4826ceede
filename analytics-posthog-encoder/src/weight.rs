//! What an event weighs where PostHog weighs it.

use analytics_core::{DropReason, Lane, Refusal};

/// What PostHog's queue adds to an event's JSON, roughly.
const MESSAGE_OVERHEAD: usize = 500;

/// Refuses an event that is over the limit of its lane.
pub(crate) fn check(lane: Lane, json: &[u8], limit: usize) -> Result<(), Refusal> {
    match lane {
        Lane::Ai => check_length(json, limit),
        _ => check_weight(json, limit),
    }
}

/// Refuses an event of the AI lane that is over the limit: PostHog counts its JSON as it is.
fn check_length(json: &[u8], limit: usize) -> Result<(), Refusal> {
    if json.len() <= limit {
        return Ok(());
    }
    let why = format!("the event has {} bytes, the limit of the AI lane is {limit}", json.len());
    Err(Refusal::new(DropReason::TooLarge, why))
}

/// Refuses an event that is over the limit where PostHog measures it: its JSON becomes a string inside another JSON
/// object, in which every quote and every backslash takes one byte more. At most that doubles it, so that few events
/// have to be looked through.
fn check_weight(json: &[u8], limit: usize) -> Result<(), Refusal> {
    let plain = json.len() + MESSAGE_OVERHEAD;
    let escapes = || json.iter().filter(|byte| matches!(byte, b'"' | b'\\')).count();
    if plain.saturating_add(json.len()) <= limit {
        return Ok(());
    }
    let weight = plain.saturating_add(escapes());
    if weight <= limit {
        return Ok(());
    }
    let why = format!("the event has {weight} bytes as PostHog counts them, the limit is {limit}");
    Err(Refusal::new(DropReason::TooLarge, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_weighed_with_its_quotes_and_backslashes_twice() {
        let json = br#"{"a":"\\"}"#;
        let weight = 10 + 6 + MESSAGE_OVERHEAD;
        assert!(check_weight(json, weight - 1).is_err() && check_weight(json, weight).is_ok());
        let plain = [b'x'; 100];
        assert!(check_weight(&plain, 100 + MESSAGE_OVERHEAD).is_ok());
        let refused = check_weight(&plain, 99 + MESSAGE_OVERHEAD).unwrap_err();
        assert_eq!(refused.to_string(), "too_large: the event has 600 bytes as PostHog counts them, the limit is 599");
    }
}
