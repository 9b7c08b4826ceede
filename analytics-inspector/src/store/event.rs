//! One event as it was received.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::line;

/// One accepted event.
///
/// `Display` writes it as one line, `u1 copilot_tool_called tool_name=search session_id=s1`: actor,
/// name, and the properties that do not begin with `$`. Control characters are escaped. It
/// serializes as `GET /api/events` shows it.
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
    /// The same uuid, cheap to compare.
    #[serde(skip)]
    pub(crate) id: Option<Uuid>,
    #[serde(serialize_with = "as_json")]
    pub(crate) json: Arc<str>,
}

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
    /// The whole event as JSON text, byte for byte as it was received.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Its properties, parsed anew at each call: an object, empty if the event has none.
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

impl fmt::Display for ReceivedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line::write(self, f)
    }
}
