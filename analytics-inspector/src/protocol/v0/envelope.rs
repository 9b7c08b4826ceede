//! The JSON object around a batch.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::protocol::json::{Checked, Slot, Text};

/// An envelope. What the server requires is optional here: this also reads single events.
#[derive(Debug, Default)]
pub(super) struct Envelope<'a> {
    pub(super) token: Option<Cow<'a, str>>,
    pub(super) batch: Option<Vec<&'a RawValue>>,
    pub(super) sent_at: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "api_key", alias = "token")]
    Token,
    #[serde(rename = "batch")]
    Batch,
    #[serde(rename = "sent_at")]
    SentAt,
    #[serde(rename = "historical_migration")]
    HistoricalMigration,
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for Envelope<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EnvelopeVisitor)
    }
}

struct EnvelopeVisitor;

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope, an event or an array of events")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut token: Slot<Option<Text<'de>>> = Slot::default();
        let mut batch: Slot<Option<Vec<&'de RawValue>>> = Slot::default();
        let mut sent_at: Slot<Option<Text<'de>>> = Slot::default();
        let mut historical: Slot<Option<bool>> = Slot::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Token => token.read("api_key", &mut map)?,
                Field::Batch => batch.read("batch", &mut map)?,
                Field::SentAt => sent_at.read("sent_at", &mut map)?,
                Field::HistoricalMigration => historical.read("historical_migration", &mut map)?,
                Field::Unknown => drop(map.next_value::<Checked>()?),
            }
        }
        Ok(Envelope {
            token: token.into_value().map(|text| text.0),
            batch: batch.into_value(),
            sent_at: sent_at.into_value().map(|text| text.0),
        })
    }
}
