//! How large an event may be.

/// The largest message that the queue behind the server takes, as it is set.
const MAX_MESSAGE_BYTES: usize = 1_000_000;

/// What a message has besides the event.
const MESSAGE_OVERHEAD: usize = 500;

/// The largest event of the lane for AI events.
pub(crate) const MAX_AI_EVENT_BYTES: usize = 8 * 1024 * 1024;

/// Whether the event goes by the lane for AI events.
pub(crate) fn is_ai_event(name: &str) -> bool {
    name.starts_with("$ai_")
}

/// Whether the message made of this event is too large for the queue. There the event's JSON is a string
/// inside another object, so each of its quotes and backslashes takes two bytes.
pub(crate) fn is_too_big(json: &str) -> bool {
    let room = MAX_MESSAGE_BYTES - MESSAGE_OVERHEAD;
    if json.len() <= room / 2 || json.len() > room {
        return json.len() > room;
    }
    let escaped = json.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
    json.len() + escaped > room
}
