//! One event as it was received.

use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::loss::LossReason;
use crate::time;

/// One accepted event.
///
/// `Display` writes it as one line, `u1 copilot_tool_called tool_name=search session_id=s1`: actor, name, and the
/// properties that do not begin with `$`. The line is fit for a [terminal](crate::terminal): what it would execute and
/// what nobody sees is escaped, and it has at most 1 KiB. The alternate form, `{event:#}`, begins with
/// `dropped person_event_without_profile: ` where PostHog would lose the event [silently](Self::silently_dropped): at
/// its end that could be cut. It serializes as `GET /api/events` shows it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ReceivedEvent {
    /// The number of the request it came in; the first request has number 1.
    pub request: u64,
    /// Its uuid in lower case with hyphens, however it was spelled; `None` if it had none.
    pub uuid: Option<String>,
    /// Its name.
    pub event: String,
    /// Whose event it is, as the server would store it: a string, cut to 200 characters.
    pub distinct_id: String,
    /// Its timestamp, letter for letter.
    pub timestamp: Option<String>,
    /// Why the real server would drop it though it answers 200; see
    /// [`silently_dropped`](Self::silently_dropped).
    #[serde(rename = "silently_dropped", skip_serializing_if = "Option::is_none")]
    pub(crate) dropped: Option<LossReason>,
    /// See [`is_personless`](Self::is_personless).
    #[serde(rename = "personless", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_personless: bool,
    /// The day that it is stored under, counted from the epoch.
    #[serde(skip)]
    pub(crate) day: i64,
    /// The same uuid, cheap to compare.
    #[serde(skip)]
    pub(crate) id: Option<Uuid>,
    #[serde(serialize_with = "as_json")]
    pub(crate) json: Arc<str>,
    /// Its properties in short, of a large event, so that it is not read again for each look at it.
    #[serde(skip)]
    pub(crate) preview: Option<Arc<str>>,
}

/// An event of more bytes is large.
pub(super) const LARGE: usize = 16 * 1024;

/// Writes the text of the event as the JSON that it is.
fn as_json<S: serde::Serializer>(json: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<&RawValue>(json).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
}

impl ReceivedEvent {
    /// An event that has just arrived, in a request without a number yet.
    pub(crate) fn new(
        id: Option<Uuid>,
        event: String,
        distinct_id: String,
        timestamp: Option<String>,
        json: &str,
    ) -> Self {
        let uuid = id.as_ref().map(Uuid::to_string);
        let day = time::day_of(timestamp.as_deref(), SystemTime::now());
        let mut event = Self {
            request: 0,
            uuid,
            event,
            distinct_id,
            timestamp,
            dropped: None,
            is_personless: false,
            day,
            id,
            json: json.into(),
            preview: None,
        };
        if json.len() > LARGE {
            event.preview = Some(event.written_preview().into());
        }
        event
    }

    /// Why PostHog would lose this event without a word, though it answers 200; `None` if it would not.
    ///
    /// One of: `performance_event` (they are dropped on sight), `event_too_big` (over the size of a
    /// message in the queue behind the server), `person_event_without_profile` (an `$identify`,
    /// `$create_alias` or `$merge_dangerously` with `$process_person_profile: false`),
    /// `merge_id_not_text` (one of these with an `alias` or `$anon_distinct_id` that is not a string),
    /// `group_key_too_long` (a `$groupidentify` with a key of more than 400 characters), and
    /// `cookieless_without_client` (`$cookieless_mode` without `$raw_user_agent` or `$host`). What depends
    /// on the project, such as quotas and filters, nobody knows here.
    #[must_use]
    pub fn silently_dropped(&self) -> Option<&'static str> {
        self.dropped.map(LossReason::as_str)
    }

    /// Whether PostHog stores this event without a person: it says `$process_person_profile: false`, as a property or,
    /// in v1, as an option that counts as `false`; or, in v1, its id is one that broken code sends for everybody, such
    /// as `null` or `[object Object]`.
    #[must_use]
    pub fn is_personless(&self) -> bool {
        self.is_personless
    }

    /// The whole event as JSON text, byte for byte as it was received.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Its properties, parsed anew at each call: an object, empty if the event has none, or if it came by v1,
    /// which looks at their first byte only, and nobody can read them; [`properties_json`](Self::properties_json)
    /// has their text.
    #[must_use]
    pub fn properties(&self) -> Value {
        self.properties_json()
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    /// One of its properties, parsed anew at each call; `None` if the event has no such property.
    #[must_use]
    pub fn property(&self, key: &str) -> Option<Value> {
        self.properties().get_mut(key).map(Value::take)
    }

    /// The text of its properties as it was received; `None` if the event has none.
    #[must_use]
    pub fn properties_json(&self) -> Option<&str> {
        let body: Body<'_> = serde_json::from_str(&self.json).ok()?;
        body.properties.map(RawValue::get)
    }
}
