//! What a project would be billed by.

use std::ops::AddAssign;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::ReceivedEvent;

/// Sums over accepted events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Bill {
    /// Events that are processed with a person profile, which cost more.
    pub(super) with_profile: u64,
    /// Bytes of the events' JSON, not compressed.
    pub(super) json_bytes: u64,
}

impl Bill {
    pub(crate) fn of(events: &[Arc<ReceivedEvent>]) -> Self {
        Self {
            with_profile: events.iter().filter(|event| has_profile(event.json())).count() as u64,
            json_bytes: events.iter().map(|event| event.json().len() as u64).sum(),
        }
    }
}

impl AddAssign for Bill {
    fn add_assign(&mut self, other: Self) {
        self.with_profile += other.with_profile;
        self.json_bytes += other.json_bytes;
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    properties: Properties,
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    #[serde(rename = "$process_person_profile")]
    process_person_profile: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    process_person_profile: Value,
}

/// In properties only a real `false` switches persons off; v1's option takes other spellings too.
fn has_profile(json: &str) -> bool {
    // Few events say so, and those that do not are not worth a parse.
    if !json.contains("process_person_profile") {
        return true;
    }
    let Body { properties, options } = serde_json::from_str(json).unwrap_or_default();
    let is_off = match options.process_person_profile {
        Value::Bool(on) => !on,
        Value::String(word) => word == "false" || word == "0",
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    };
    !is_off && properties.process_person_profile != Value::Bool(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_a_profile_unless_it_says_otherwise_in_a_way_that_counts() {
        for (json, expected) in [
            ("{}", true),
            (r#"{"properties":{"$process_person_profile":false}}"#, false),
            (r#"{"properties":{"$process_person_profile":true}}"#, true),
            (r#"{"properties":{"$process_person_profile":"false"}}"#, true),
            (r#"{"properties":{"note":"process_person_profile"}}"#, true),
            (r#"{"options":{"process_person_profile":false},"properties":{}}"#, false),
            (r#"{"options":{"process_person_profile":"0"}}"#, false),
            (r#"{"options":{"process_person_profile":0}}"#, false),
            (r#"{"options":{"process_person_profile":1}}"#, true),
        ] {
            assert_eq!(has_profile(json), expected, "{json}");
        }
    }
}
