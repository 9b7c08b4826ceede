//! What a value is on the wire, for properties of which PostHog takes one kind only.

use analytics_core::Value;
use analytics_core::json;

/// What a value is once it is JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Boolean,
    /// A whole number.
    Integer,
    /// A string that is not blank.
    Text,
    /// Anything else: a blank string, a list, an object, another number.
    Other,
}

impl ValueKind {
    /// What `value` is. One that writes itself is written for it, which few special properties are.
    pub(crate) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Bool(_) => Self::Boolean,
            Value::I64(_) | Value::U64(_) | Value::I128(_) | Value::U128(_) => Self::Integer,
            Value::Time(_) => Self::Text,
            Value::Str(text) if !text.trim().is_empty() => Self::Text,
            Value::Display(_) | Value::Json(_) => Self::of_written(value),
            _ => Self::Other,
        }
    }

    fn of_written(value: Value<'_>) -> Self {
        let written = json::to_string(value).ok().and_then(|json| serde_json::from_str(&json).ok());
        match written {
            Some(serde_json::Value::Bool(_)) => Self::Boolean,
            Some(serde_json::Value::Number(number)) if number.is_i64() || number.is_u64() => Self::Integer,
            Some(serde_json::Value::String(text)) if !text.trim().is_empty() => Self::Text,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use analytics_core::{Json, PropertyValue};

    use super::*;

    #[test]
    fn what_writes_itself_is_what_it_writes() {
        let kind = |value: &dyn Fn() -> ValueKind| value();
        let json = |value: serde_json::Value| {
            let value = Json(value);
            kind(&|| ValueKind::of(value.value().unwrap()))
        };
        assert_eq!(json(true.into()), ValueKind::Boolean);
        assert_eq!(json(3.into()), ValueKind::Integer);
        assert_eq!(json(0.5.into()), ValueKind::Other);
        assert_eq!(json("a".into()), ValueKind::Text);
        assert_eq!(json(" ".into()), ValueKind::Other);
        assert_eq!(json(serde_json::json!([1])), ValueKind::Other);
        assert_eq!(ValueKind::of(Value::Display(&"10.0.0.1")), ValueKind::Text);
        assert_eq!(ValueKind::of(Value::Display(&" ")), ValueKind::Other);
        assert_eq!(ValueKind::of(Value::F64(1.0)), ValueKind::Other);
    }
}
