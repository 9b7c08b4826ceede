//! Values as they are on the wire, which is how they are compared.

use std::fmt;

use analytics_core::{Value, json};
use serde_json::{Number, Value as Json};

/// A value as it is on the wire: `3_u64` is `3_i32`, an address is its string, a unit enum is its name.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    /// Its JSON, or why it has none.
    json: Result<String, String>,
    shown: String,
}

impl Wire {
    /// The value's JSON; `None` for null, which is not sent.
    pub(crate) fn of(value: Value<'_>) -> Option<Self> {
        if matches!(value, Value::Null) {
            return None;
        }
        Some(Self { json: json::to_string(value).map_err(|error| error.to_string()), shown: value.to_string() })
    }

    pub(crate) fn text(text: &str) -> Option<Self> {
        Self::of(Value::Str(text))
    }

    /// A text without quotes, as ids are shown.
    pub(crate) fn bare(&self) -> String {
        serde_json::from_str(&self.json()).unwrap_or_else(|_| self.shown.clone())
    }

    /// Its JSON, in which `"3"` and `3` look different.
    pub(crate) fn json(&self) -> String {
        self.json.clone().unwrap_or_else(|error| format!("<{error}>"))
    }
}

/// The form in which records are shown to people.
impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl PartialEq for Wire {
    fn eq(&self, other: &Self) -> bool {
        let (Ok(one), Ok(other)) = (&self.json, &other.json) else { return self.json == other.json };
        // The parser rounds whole numbers beyond 64 bits; their digits do not lie.
        if one == other || (is_whole(one) && is_whole(other)) {
            return one == other;
        }
        match (serde_json::from_str(one), serde_json::from_str(other)) {
            (Ok(one), Ok(other)) => equal(&one, &other),
            _ => false,
        }
    }
}

fn is_whole(json: &str) -> bool {
    json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn equal(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => equal_numbers(one, other),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| equal(one, other)))
        }
        _ => one == other,
    }
}

/// JSON has one kind of number: `3` and `3.0` are the same.
fn equal_numbers(one: &Number, other: &Number) -> bool {
    one == other || ((one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64())
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use analytics_core::Json;

    use super::*;

    fn same<'v>(one: impl Into<Value<'v>>, other: impl Into<Value<'v>>) -> bool {
        Wire::of(one.into()) == Wire::of(other.into())
    }

    #[test]
    fn values_are_the_same_if_their_json_means_the_same() {
        assert!(same(3_u64, 3_i32));
        assert!(same(3_u8, 3.0_f64));
        assert!(same(0.1_f32, 0.1_f64), "both are written 0.1");
        assert!(same(&IpAddr::V4(Ipv4Addr::LOCALHOST), "127.0.0.1"));
        assert!(same(&vec![1, 2], &Json(serde_json::json!([1, 2.0]))));
        assert!(same(&Json(serde_json::json!({"a": 1, "b": null})), &Json(serde_json::json!({"b": null, "a": 1}))));
        assert!(same(&Json(serde_json::json!({"a": {"b": 1}})), &Json(serde_json::json!({"a": {"b": 1.0}}))));
        assert!(same(None::<&str>, Value::Null));
    }

    #[test]
    fn values_differ_if_their_json_does() {
        assert!(!same("3", 3));
        assert!(!same(3, 3.5) && !same(3.5, 3) && !same(3.5, 4.5));
        assert!(!same(&vec![9_007_199_254_740_993_u64], &vec![9_007_199_254_740_992_u64]), "one as a float");
        assert!(!same("", None::<&str>));
        assert!(!same(u128::MAX, u128::MAX - 1));
        assert!(!same(&vec![1, 2], &vec![2, 1]));
        assert!(!same(&vec![1, 2], &vec![1]) && !same(&vec![1], &vec![1, 2]));
        assert!(!same(&Json(serde_json::json!({"a": 1})), &Json(serde_json::json!({"a": 1, "b": null}))));
        assert!(!same(&Json(serde_json::json!({"a": 1, "b": 2})), &Json(serde_json::json!({"a": 1}))));
        assert!(!same(&Json(serde_json::json!({"a": 1})), &Json(serde_json::json!({"b": 1}))));
        assert!(!same(&Json(serde_json::json!({"a": 1})), &Json(serde_json::json!({"a": 2}))));
        assert!(!same(f64::NAN, 0.0));
    }
}
