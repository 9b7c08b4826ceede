//! JSON whose members stay in their order, so that an event that arrived reads like the one that was tracked.

use std::fmt;

use analytics_core::{OwnedProperty, OwnedValue};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Any JSON value.
#[derive(Debug)]
pub(super) struct Json(pub(super) OwnedValue);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Self)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = OwnedValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<OwnedValue, E> {
        Ok(OwnedValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<OwnedValue, E> {
        Ok(OwnedValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<OwnedValue, E> {
        Ok(OwnedValue::I64(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<OwnedValue, E> {
        Ok(OwnedValue::U64(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<OwnedValue, E> {
        Ok(OwnedValue::F64(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<OwnedValue, E> {
        Ok(OwnedValue::Str(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OwnedValue, A::Error> {
        let mut list = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(OwnedValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OwnedValue, A::Error> {
        let mut members: Vec<OwnedProperty> = Vec::new();
        while let Some((key, Json(value))) = map.next_entry::<String, Json>()? {
            // Of members with the same name the last one counts.
            members.retain(|member| member.key() != key);
            members.push(OwnedProperty::new(key, value));
        }
        Ok(OwnedValue::Object(members))
    }
}
