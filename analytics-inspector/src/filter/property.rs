//! What is asked of one property.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::pattern::Pattern;

/// A property, and what is asked of it. One that is not there meets nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PropertyTerm {
    pub(super) key: String,
    pub(super) test: Test,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Equal(Pattern),
    NotEqual(Pattern),
    /// In small letters.
    Contains(String),
    Compared {
        with: String,
        wanted: &'static [Ordering],
    },
}

impl PropertyTerm {
    pub(super) fn wants(&self, properties: &Value) -> bool {
        let Some(value) = find(properties, &self.key) else { return false };
        match &self.test {
            Test::Equal(pattern) => is_equal(value, pattern),
            Test::NotEqual(pattern) => !is_equal(value, pattern),
            Test::Contains(part) => text(value).to_lowercase().contains(part),
            Test::Compared { with, wanted } => compare(value, with).is_some_and(|order| wanted.contains(&order)),
        }
    }
}

/// The property `key`, or what dots lead to inside one: `address.city`.
fn find<'v>(properties: &'v Value, key: &str) -> Option<&'v Value> {
    let whole = properties.get(key);
    whole.or_else(|| {
        key.match_indices('.').find_map(|(dot, _)| find(properties.get(key.get(..dot)?)?, key.get(dot + 1..)?))
    })
}

/// A text as it is, anything else as JSON.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn is_equal(value: &Value, pattern: &Pattern) -> bool {
    let as_number = || match pattern {
        Pattern::Whole(whole) if value.is_number() => compare(value, whole) == Some(Ordering::Equal),
        _ => false,
    };
    pattern.matches(&text(value)) || as_number()
}

/// As numbers where both are, else as texts, which puts RFC 3339 in the order of time. What is neither has no order.
fn compare(value: &Value, with: &str) -> Option<Ordering> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    match (number(&text(value)), number(with), value) {
        (Some(one), Some(other), _) => one.partial_cmp(&other),
        (_, _, Value::String(text)) => Some(text.as_str().cmp(with)),
        _ => None,
    }
}
