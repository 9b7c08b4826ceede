//! The options of an event.

use serde::Deserialize;
use serde_json::Value;

/// Any value: one that is mistyped costs its event, not the batch.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Options(Value);

impl Options {
    pub(super) fn are_cookieless(&self) -> bool {
        let mode = self.0.get("cookieless_mode");
        mode.is_some_and(|mode| match mode {
            Value::Bool(is_on) => *is_on,
            Value::String(text) => ["true", "1"].contains(&text.trim().to_ascii_lowercase().as_str()),
            Value::Number(number) => number.as_f64() != Some(0.0),
            _ => false,
        })
    }

    /// Whether the server can read all that it knows of them.
    pub(super) fn are_valid(&self) -> bool {
        let options = match &self.0 {
            Value::Null => return true,
            Value::Object(options) => options,
            _ => return false,
        };
        let is_valid = |name: &str, can_be: fn(&Value) -> bool| options.get(name).is_none_or(can_be);
        is_valid("cookieless_mode", is_nearly_bool)
            && is_valid("disable_skew_correction", is_nearly_bool)
            && is_valid("process_person_profile", is_nearly_bool)
            && is_valid("product_tour_id", is_nearly_text)
    }
}

fn is_nearly_bool(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => {
            let text = text.trim();
            ["true", "false", "1", "0"].iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        Value::Array(_) | Value::Object(_) => false,
    }
}

fn is_nearly_text(value: &Value) -> bool {
    match value {
        Value::Null | Value::String(_) => true,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}
