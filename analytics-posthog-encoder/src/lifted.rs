//! Properties that v1 has places for beside the properties: fields of the event, and its options.

use analytics_core::Value;
use analytics_core::json::{JsonWriter, Limits};

/// Members of the event and of its options, as they will be written.
#[derive(Debug, Default)]
pub(crate) struct Lifted {
    /// `,"session_id":"…"`, for each field.
    fields: Vec<u8>,
    /// `"cookieless_mode":true`, separated by commas.
    options: Vec<u8>,
    /// What is there already. A request in which a field stands twice is refused whole.
    taken: Vec<&'static str>,
}

/// A longer text is no id.
pub(crate) const MAX_TEXT_BYTES: usize = 1_000;

impl Lifted {
    /// Takes a property, whose value is of the kind that its place takes; `None` if it is an ordinary one,
    /// `Some(false)` if it does not fit.
    pub(crate) fn take(&mut self, key: &str, value: Value<'_>) -> Option<bool> {
        Some(match key {
            "$session_id" => self.field("session_id", value),
            "$window_id" => self.field("window_id", value),
            "$process_person_profile" => self.option("process_person_profile", value),
            "$cookieless_mode" => self.option("cookieless_mode", value),
            "$ignore_sent_at" => self.option("disable_skew_correction", value),
            "$product_tour_id" => self.option("product_tour_id", value),
            _ => return None,
        })
    }

    fn field(&mut self, key: &'static str, value: Value<'_>) -> bool {
        self.is_new(key) && member(&mut self.fields, true, key, value)
    }

    /// Sets an option, unless it is set.
    pub(crate) fn option(&mut self, key: &'static str, value: Value<'_>) -> bool {
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

    /// Appends all to an event whose properties are written. The options stand in every event: the contract of
    /// PostHog's libraries has them there, empty where there is none.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.fields);
        out.extend_from_slice(b",\"options\":{");
        out.extend_from_slice(&self.options);
        out.push(b'}');
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
    let is_written = JsonWriter::new(out, &Limits::DEFAULT).value(value).is_ok();
    if !is_written {
        out.truncate(before);
    }
    is_written
}
