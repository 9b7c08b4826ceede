//! The verdict on one event.

use uuid::Uuid;

use super::batch::RawEvent;
use crate::protocol::json::CheckedObject;
use crate::protocol::outcome::EventVerdict;
use crate::protocol::{silent, sizes, time};
use crate::store::ReceivedEvent;

const MAX_NAME_BYTES: usize = 200;
const MAX_DISTINCT_ID_BYTES: usize = 200;

/// Actors for whom no person is processed, in any case.
const ILLEGAL_IN_ANY_CASE: [&str; 17] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
    "anonymous-user",
    "backend",
    "system",
    "user",
    "nan",
    "null",
    "none",
];

const ILLEGAL: [&str; 2] = ["[object Object]", "0"];

impl RawEvent<'_> {
    /// What becomes of it: the result and its details.
    pub(super) fn judge(&self, is_ai_lane: bool) -> (&'static str, Option<&'static str>) {
        match self.objection(is_ai_lane) {
            Some(details) => ("drop", Some(details)),
            None if is_illegal(self.distinct_id.trim()) => ("ok", Some("person_processing_disabled")),
            None => ("ok", None),
        }
    }

    fn objection(&self, is_ai_lane: bool) -> Option<&'static str> {
        let name = self.name.trim();
        let distinct_id = self.distinct_id.trim();
        let is_ai = sizes::is_ai_event(name);
        if name.is_empty() {
            Some("missing_event_name")
        } else if self.name.len() > MAX_NAME_BYTES {
            Some("event_name_too_long")
        } else if distinct_id.is_empty() {
            Some("missing_distinct_id")
        } else if distinct_id.len() > MAX_DISTINCT_ID_BYTES {
            Some("distinct_id_too_large")
        } else if time::parse(&self.timestamp).is_none() {
            Some("invalid_event_timestamp")
        } else if !self.properties.is_none_or(is_object) {
            Some("malformed_event_properties")
        } else if name == "$performance_event" {
            Some("dropped_performance_event")
        } else if !self.options.are_valid() {
            Some("invalid_options")
        } else if is_ai_lane && !is_ai {
            Some("misrouted_event")
        } else if is_ai && self.properties.unwrap_or_default().len() > sizes::MAX_AI_EVENT_BYTES {
            Some("ai_event_too_big")
        } else if !is_ai && sizes::is_too_big(self.json) {
            Some("event_too_big")
        } else {
            None
        }
    }

    pub(super) fn into_verdict(self, is_ai_lane: bool) -> EventVerdict {
        let (result, details) = self.judge(is_ai_lane);
        let dropped = silent::reason(&self.name, self.options.are_cookieless(), self.json);
        let event = ReceivedEvent::new(
            Some(self.uuid),
            self.name.into_owned(),
            self.distinct_id.trim().to_owned(),
            Some(self.timestamp.into_owned()),
            self.json,
        );
        EventVerdict {
            uuid: self.uuid,
            result,
            details: details.map(str::to_owned),
            event: ReceivedEvent { dropped, ..event },
        }
    }
}

fn is_object(json: &str) -> bool {
    serde_json::from_str::<CheckedObject>(json).is_ok()
}

fn is_illegal(distinct_id: &str) -> bool {
    let unquoted = ['"', '\'']
        .iter()
        .find_map(|quote| distinct_id.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(distinct_id);
    ILLEGAL.contains(&unquoted)
        || ILLEGAL_IN_ANY_CASE.iter().any(|illegal| unquoted.eq_ignore_ascii_case(illegal))
        || Uuid::try_parse(unquoted).is_ok_and(|uuid| uuid.is_nil())
}
