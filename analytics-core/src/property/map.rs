//! Maps as properties, and `serde_json`'s values.

use std::collections::{BTreeMap, HashMap};

use super::{
    DescribedProperties, JsonSource, Key, Properties, PropertyDescription, PropertyType, PropertyValue,
    PropertyVisitor, Value,
};
use crate::json::{JsonError, JsonWriter};

macro_rules! map {
    ($([$($generics:tt)*] $target:ty;)*) => { $(
        /// Shows the entries in the map's own order. An entry whose value is absent is not shown.
        impl<$($generics)*> Properties for $target {
            fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
                for (key, value) in self {
                    visitor.property(&Key::new(key.as_ref()), value);
                }
            }
        }

        impl<$($generics)*> DescribedProperties for $target {
            const PROPERTIES: &'static [PropertyDescription] = &[];
            const HAS_ADDITIONAL: bool = true;
        }

        /// An object.
        impl<$($generics)*> PropertyValue for $target {
            const TYPE: PropertyType = PropertyType::Any;

            fn value(&self) -> Option<Value<'_>> {
                Some(Value::Object(self))
            }
        }
    )* };
}

map! {
    [K: AsRef<str>, V: PropertyValue] BTreeMap<K, V>;
    [K: AsRef<str>, V: PropertyValue, S] HashMap<K, V, S>;
    [] serde_json::Map<String, serde_json::Value>;
}

/// `null` is absent.
impl PropertyValue for serde_json::Value {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(Value::Bool(*value)),
            Self::Number(number) => Some(of_number(number)),
            Self::String(text) => Some(Value::Str(text)),
            Self::Array(items) => Some(Value::List(items)),
            Self::Object(members) => Some(Value::Object(members)),
        }
    }
}

/// A number that no other variant holds to the last digit writes itself.
fn of_number(number: &serde_json::Number) -> Value<'_> {
    let as_u64 = || number.as_u64().map(Value::U64);
    as_u64().or_else(|| number.as_i64().map(Value::I64)).unwrap_or(Value::Json(number))
}

impl JsonSource for serde_json::Number {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        serde::Serialize::serialize(self, writer)
    }
}
