//! One event of a request.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use uuid::Uuid;

use super::distinct_id;
use super::properties::EventProperties;
use crate::protocol::json::{Any, Checked, CheckedObject, Slot, Text};

/// An event whose fields have the right types.
#[derive(Debug)]
pub(super) struct RawEvent<'a> {
    pub(super) name: Cow<'a, str>,
    token: Option<Cow<'a, str>>,
    distinct_id: Any<'a>,
    pub(super) uuid: Option<Uuid>,
    pub(super) timestamp: Option<Cow<'a, str>>,
    pub(super) properties: EventProperties<'a>,
    /// The text that it was read from.
    pub(super) json: &'a str,
}

impl<'a> RawEvent<'a> {
    /// Reads an event; one without a name gets `name_by_route`.
    ///
    /// # Errors
    ///
    /// It is not an object, a field has the wrong type or occurs twice, or there is no name.
    pub(super) fn read(json: &'a str, name_by_route: Option<&'static str>) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let event = EventSeed { json, name_by_route }.deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(event)
    }

    /// The event's own project key, else the one among its properties.
    pub(super) fn token(&self) -> Option<&Cow<'a, str>> {
        self.token.as_ref().or(self.properties.token.as_ref())
    }

    /// Its actor as the server stores it; `None` if there is none that can be used.
    pub(super) fn distinct_id(&self) -> Option<Cow<'a, str>> {
        match &self.distinct_id {
            Any::Null => distinct_id::usable(&self.properties.distinct_id),
            own => distinct_id::usable(own),
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "event")]
    Name,
    #[serde(rename = "token", alias = "$token", alias = "api_key")]
    Token,
    #[serde(rename = "distinct_id", alias = "$distinct_id")]
    DistinctId,
    #[serde(rename = "uuid")]
    Uuid,
    #[serde(rename = "timestamp")]
    Timestamp,
    #[serde(rename = "offset")]
    Offset,
    #[serde(rename = "properties")]
    Properties,
    #[serde(rename = "$set")]
    Set,
    #[serde(rename = "$set_once")]
    SetOnce,
    #[serde(other)]
    Unknown,
}

struct EventSeed<'a> {
    json: &'a str,
    name_by_route: Option<&'static str>,
}

impl<'de> DeserializeSeed<'de> for EventSeed<'de> {
    type Value = RawEvent<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EventSeed<'de> {
    type Value = RawEvent<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(field) = map.next_key()? {
            fields.read(field, &mut map)?;
        }
        let name = match (fields.name.into_value(), self.name_by_route) {
            (Any::Text(name), _) => name,
            (_, Some(name)) => name.into(),
            (_, None) => return Err(A::Error::custom("`event` is missing or not a string")),
        };
        let uuid = fields.uuid.into_value();
        Ok(RawEvent {
            name,
            token: fields.token.into_value().map(|text| text.0),
            distinct_id: fields.distinct_id.into_value(),
            uuid: uuid.map(parse_uuid).transpose()?.flatten(),
            timestamp: fields.timestamp.into_value().map(|text| text.0),
            properties: fields.properties.into_value(),
            json: self.json,
        })
    }
}

/// What has been read of an event so far.
#[derive(Default)]
struct Fields<'a> {
    name: Slot<Any<'a>>,
    token: Slot<Option<Text<'a>>>,
    distinct_id: Slot<Any<'a>>,
    uuid: Slot<Option<Text<'a>>>,
    timestamp: Slot<Option<Text<'a>>>,
    offset: Slot<Option<i64>>,
    properties: Slot<EventProperties<'a>>,
    set: Slot<Option<CheckedObject>>,
    set_once: Slot<Option<CheckedObject>>,
}

impl<'de> Fields<'de> {
    fn read<A: MapAccess<'de>>(&mut self, field: Field, map: &mut A) -> Result<(), A::Error> {
        match field {
            Field::Name => self.name.read("event", map),
            Field::Token => self.token.read("token", map),
            Field::DistinctId => self.distinct_id.read("distinct_id", map),
            Field::Uuid => self.uuid.read("uuid", map),
            Field::Timestamp => self.timestamp.read("timestamp", map),
            Field::Offset => self.offset.read("offset", map),
            Field::Properties => self.properties.read("properties", map),
            Field::Set => self.set.read("$set", map),
            Field::SetOnce => self.set_once.read("$set_once", map),
            Field::Unknown => map.next_value().map(|Checked| ()),
        }
    }
}

/// Reads a uuid of any version, hyphens optional. An empty one is none.
fn parse_uuid<E: Error>(text: Text<'_>) -> Result<Option<Uuid>, E> {
    let text = text.0;
    if text.is_empty() {
        return Ok(None);
    }
    Uuid::try_parse(&text).map(Some).map_err(|_| E::custom("`uuid` cannot be parsed"))
}
