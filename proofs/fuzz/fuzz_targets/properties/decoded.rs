//! JSON as two decoders read it.

use jiter::JsonValue;
use serde_json::Value;

/// A JSON value as it was read.
#[derive(Debug, PartialEq)]
pub enum Decoded {
    Null,
    Bool(bool),
    /// A whole number, in digits.
    Integer(String),
    Float(f64),
    Text(String),
    List(Vec<Decoded>),
    Object(Vec<(String, Decoded)>),
}

impl Decoded {
    /// Reads with `serde_json`, to which whole numbers beyond 64 bits are floats.
    pub fn by_serde_json(text: &str) -> Self {
        Self::of_serde_json(serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")))
    }

    fn of_serde_json(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) if number.is_f64() => Self::Float(number.as_f64().expect("it is one")),
            Value::Number(number) => Self::Integer(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::of_serde_json).collect()),
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(key, value)| (key, Self::of_serde_json(value))).collect())
            }
        }
    }

    /// Reads with `jiter`.
    ///
    /// # Panics
    /// If an object has a key twice.
    pub fn by_jiter(text: &str) -> Self {
        let value = JsonValue::parse(text.as_bytes(), false).unwrap_or_else(|error| panic!("{error}: {text}"));
        Self::of_jiter(&value)
    }

    fn of_jiter(value: &JsonValue<'_>) -> Self {
        match value {
            JsonValue::Null => Self::Null,
            JsonValue::Bool(value) => Self::Bool(*value),
            JsonValue::Int(number) => Self::Integer(number.to_string()),
            JsonValue::BigInt(number) => Self::Integer(number.to_string()),
            JsonValue::Float(number) => Self::Float(*number),
            JsonValue::Str(text) => Self::Text(text.to_string()),
            JsonValue::Array(items) => Self::List(items.iter().map(Self::of_jiter).collect()),
            JsonValue::Object(members) => {
                let mut keys: Vec<_> = members.iter().map(|(key, _)| key).collect();
                keys.sort_unstable();
                assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "a key twice in {members:?}");
                Self::Object(members.iter().map(|(key, value)| (key.to_string(), Self::of_jiter(value))).collect())
            }
        }
    }

    /// The member under a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().find(|(other, _)| other == key).map(|(_, value)| value)
    }

    /// The members of an object.
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }
}
