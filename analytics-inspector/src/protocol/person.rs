//! Whether an event is stored without a person.

use serde::Deserialize;
use serde_json::Value;

const SWITCH: &str = "$process_person_profile";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    properties: Properties,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    #[serde(rename = "$process_person_profile")]
    process_person_profile: Value,
}

/// Whether the properties of an event switch its person off, which nothing but a real `false` does.
pub(crate) fn is_switched_off(json: &str) -> bool {
    // Few events say so, and those that do not are not worth a parse.
    json.contains(SWITCH) && {
        let Body { properties } = serde_json::from_str(json).unwrap_or_default();
        properties.process_person_profile == Value::Bool(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_false_switches_a_person_off() {
        for (json, expected) in [
            ("{}", false),
            (r#"{"properties":{"$process_person_profile":false}}"#, true),
            (r#"{"properties":{"x":"\ud800","$process_person_profile":false}}"#, true),
            (r#"{"properties":{"$process_person_profile":true}}"#, false),
            (r#"{"properties":{"$process_person_profile":"false"}}"#, false),
            (r#"{"properties":{"$process_person_profile":0}}"#, false),
            (r#"{"properties":{"note":"$process_person_profile"}}"#, false),
            (r#"{"options":{"process_person_profile":false},"properties":{}}"#, false),
        ] {
            assert_eq!(is_switched_off(json), expected, "{json}");
        }
    }
}
