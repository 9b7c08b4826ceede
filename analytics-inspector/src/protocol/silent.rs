//! What PostHog loses though it has answered 200, as far as the event itself tells. After its pipeline's
//! source and its docs on ingestion warnings.

use serde::Deserialize;
use serde_json::Value;

use super::sizes;
use crate::loss::LossReason;

const MAX_GROUP_KEY_CHARS: usize = 400;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    properties: Properties,
}

/// What an event is, whichever protocol says so in its own way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    pub(crate) is_cookieless: bool,
    /// Whether it switches its person off.
    pub(crate) is_personless: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    #[serde(rename = "$anon_distinct_id")]
    anon_distinct_id: Value,
    alias: Value,
    #[serde(rename = "$group_key")]
    group_key: Value,
    #[serde(rename = "$raw_user_agent")]
    raw_user_agent: Value,
    #[serde(rename = "$host")]
    host: Value,
}

/// Why an event that was accepted is lost; `None` if nothing in it says so.
pub(crate) fn reason(name: &str, traits: Traits, json: &str) -> Option<LossReason> {
    if !sizes::is_ai_event(name) && sizes::is_too_big(json) {
        return Some(LossReason::EventTooBig);
    }
    let is_merge = matches!(name, "$identify" | "$create_alias" | "$merge_dangerously");
    if !is_merge && !traits.is_cookieless && name != "$groupidentify" {
        return None;
    }
    // A key that occurs twice in the event is no reason to lose it, so what cannot be read is not looked at.
    let Body { properties } = serde_json::from_str(json).unwrap_or_default();
    let is_text = |value: &Value| value.is_null() || value.is_string();
    if is_merge && traits.is_personless {
        Some(LossReason::PersonEventWithoutProfile)
    } else if is_merge && !(is_text(&properties.anon_distinct_id) && is_text(&properties.alias)) {
        Some(LossReason::MergeIdNotText)
    } else if name == "$groupidentify" && length(&properties.group_key) > MAX_GROUP_KEY_CHARS {
        Some(LossReason::GroupKeyTooLong)
    } else if traits.is_cookieless && (length(&properties.raw_user_agent) == 0 || length(&properties.host) == 0) {
        Some(LossReason::CookielessWithoutClient)
    } else {
        None
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::String(text) => text.chars().count(),
        other => other.to_string().chars().count(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(name: &str, properties: &Value) -> Option<&'static str> {
        let traits = Traits {
            is_cookieless: properties["$cookieless_mode"] == true,
            is_personless: properties["$process_person_profile"] == false,
        };
        reason(name, traits, &json!({"event": name, "properties": properties}).to_string()).map(LossReason::as_str)
    }

    #[test]
    fn what_says_nothing_against_itself_is_kept() {
        for (name, properties) in [
            ("e", json!({"$process_person_profile": false, "alias": 7, "$group_key": "x".repeat(500)})),
            ("$identify", json!({"$anon_distinct_id": "a"})),
            ("$identify", json!({"$anon_distinct_id": null, "$process_person_profile": true})),
            ("$create_alias", json!({"alias": "a", "$process_person_profile": "false"})),
            ("$groupidentify", json!({"$group_key": "ü".repeat(400)})),
            ("e", json!({"$cookieless_mode": true, "$raw_user_agent": "x", "$host": "h"})),
            ("$identify", json!({})),
        ] {
            assert_eq!(of(name, &properties), None, "{name} {properties}");
        }
        assert_eq!(reason("$identify", Traits::default(), "{}"), None);
        assert_eq!(reason("$identify", Traits::default(), r#"{"properties":{"alias":7,"alias":7}}"#), None);
    }

    #[test]
    fn what_is_lost_is_lost_for_a_reason() {
        for (name, properties, expected) in [
            ("$identify", json!({"$process_person_profile": false}), "person_event_without_profile"),
            ("$create_alias", json!({"$process_person_profile": false}), "person_event_without_profile"),
            ("$merge_dangerously", json!({"alias": 7}), "merge_id_not_text"),
            ("$identify", json!({"$anon_distinct_id": {}}), "merge_id_not_text"),
            ("$groupidentify", json!({"$group_key": "ü".repeat(401)}), "group_key_too_long"),
            ("e", json!({"$cookieless_mode": true, "$host": "h"}), "cookieless_without_client"),
            ("e", json!({"k": "x".repeat(1_000_000)}), "event_too_big"),
            ("e", json!({"k": "\"".repeat(250_000)}), "event_too_big"),
        ] {
            assert_eq!(of(name, &properties), Some(expected), "{name}");
        }
        assert_eq!(of("$ai_generation", &json!({"k": "x".repeat(1_000_000)})), None);
    }
}
