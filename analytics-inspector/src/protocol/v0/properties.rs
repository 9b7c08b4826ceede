//! The properties of an event, as far as the server looks into them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::protocol::json::{Any, Checked};
use crate::protocol::silent::Traits;

/// What the server reads in properties. A key that occurs twice counts with its last value.
#[derive(Debug)]
pub(super) struct EventProperties<'a> {
    pub(super) distinct_id: Any<'a>,
    pub(super) token: Option<Cow<'a, str>>,
    /// Whether `$cookieless_mode` is absent or a boolean.
    pub(super) is_cookieless_mode_valid: bool,
    pub(super) traits: Traits,
}

impl Default for EventProperties<'_> {
    fn default() -> Self {
        Self { distinct_id: Any::Null, token: None, is_cookieless_mode_valid: true, traits: Traits::default() }
    }
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "distinct_id")]
    DistinctId,
    #[serde(rename = "token")]
    Token,
    #[serde(rename = "$cookieless_mode")]
    CookielessMode,
    #[serde(rename = "$process_person_profile")]
    ProcessPersonProfile,
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for EventProperties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = EventProperties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut properties = EventProperties::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::DistinctId => properties.distinct_id = map.next_value()?,
                Field::Token => {
                    properties.token = match map.next_value()? {
                        Any::Text(token) => Some(token),
                        Any::Null | Any::Bool(_) | Any::Tree(_) => None,
                    };
                }
                Field::CookielessMode => {
                    let mode = map.next_value()?;
                    properties.is_cookieless_mode_valid = matches!(mode, Any::Bool(_));
                    properties.traits.is_cookieless = matches!(mode, Any::Bool(true));
                }
                Field::ProcessPersonProfile => {
                    properties.traits.is_personless = matches!(map.next_value()?, Any::Bool(false));
                }
                Field::Unknown => drop(map.next_value::<Checked>()?),
            }
        }
        Ok(properties)
    }
}
