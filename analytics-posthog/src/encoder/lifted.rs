//! Properties that the newer protocol has places for beside the properties: fields of the event, and its options.

use analytics_core::Value;
use analytics_core::json::{JsonWriter, Limits};

/// Members of the event and of its options, as they will be written.
#[derive(Debug, Default)]
pub(super) struct Lifted {
    /// `,"session_id":"…"`, for each field.
    fields: Vec<u8>,
    /// `"cookieless_mode":true`, separated by commas.
    options: Vec<u8>,
    /// What is there already. A request in which a field stands twice is refused whole.
    taken: Vec<&'static str>,
}

/// A longer text is no id.
const MAX_TEXT_BYTES: usize = 1_000;

impl Lifted {
    /// Takes a property; `None` if it is an ordinary one, `Some(false)` if its value is not of the kind that the place
    /// takes: PostHog would drop the whole event for it.
    pub(super) fn take(&mut self, key: &str, value: Value<'_>) -> Option<bool> {
        let is_bool = matches!(value, Value::Bool(_));
        let is_text = matches!(value, Value::Str(_) | Value::Display(_));
        let is_number = matches!(value, Value::I64(_) | Value::U64(_));
        Some(match key {
            "$session_id" => is_text && self.field("session_id", value),
            "$window_id" => is_text && self.field("window_id", value),
            "$process_person_profile" => is_bool && self.option("process_person_profile", value),
            "$cookieless_mode" => is_bool && self.option("cookieless_mode", value),
            "$ignore_sent_at" => is_bool && self.option("disable_skew_correction", value),
            "$product_tour_id" => (is_text || is_number) && self.option("product_tour_id", value),
            _ => return None,
        })
    }

    fn field(&mut self, key: &'static str, value: Value<'_>) -> bool {
        self.is_new(key) && member(&mut self.fields, true, key, value)
    }

    /// Sets an option, unless it is set.
    pub(super) fn option(&mut self, key: &'static str, value: Value<'_>) -> bool {
        let follows = !self.options.is_empty();
        self.is_new(key) && member(&mut self.options, follows, key, value)
    }

    fn is_new(&mut self, key: &'static str) -> bool {
        let is_new = !self.taken.contains(&key);
        if is_new {
            self.taken.push(key);
        }
        is_new
    }

    /// Appends all to an event whose properties are written.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.fields);
        if !self.options.is_empty() {
            out.extend_from_slice(b",\"options\":{");
            out.extend_from_slice(&self.options);
            out.push(b'}');
        }
    }
}

/// Appends a member, or nothing if its value cannot be written.
fn member(out: &mut Vec<u8>, follows: bool, key: &str, value: Value<'_>) -> bool {
    let before = out.len();
    if follows {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
    let limits = Limits { bytes: MAX_TEXT_BYTES, ..Limits::DEFAULT };
    let is_written = JsonWriter::new(out, &limits).value(value).is_ok();
    if !is_written {
        out.truncate(before);
    }
    is_written
}
