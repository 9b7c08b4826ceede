//! Feature flags and their values.

use std::fmt;

use crate::property::{Key, Properties, PropertyType, PropertyValue, PropertyVisitor, Value};

/// What a feature flag is for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FlagValue {
    /// On or off.
    Bool(bool),
    /// On, in one of several variants.
    Variant(Box<str>),
}

impl FlagValue {
    /// Whether the flag is on: every variant is.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        *self != Self::Bool(false)
    }

    /// The value as a property's.
    #[must_use]
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Variant(variant) => Value::Str(variant),
        }
    }
}

impl From<bool> for FlagValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&Self> for FlagValue {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

impl From<&str> for FlagValue {
    fn from(variant: &str) -> Self {
        Self::Variant(variant.into())
    }
}

impl From<String> for FlagValue {
    fn from(variant: String) -> Self {
        Self::Variant(variant.into())
    }
}

impl PropertyValue for FlagValue {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(self.as_value())
    }
}

impl fmt::Display for FlagValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => fmt::Display::fmt(value, f),
            Self::Variant(variant) => f.write_str(variant),
        }
    }
}

/// Feature flags and what each is for somebody: filled by the service from whatever evaluates them, and put on events
/// by [`Analytics::with_flags`](crate::Analytics::with_flags). Sorted by key.
///
/// ```
/// use analytics_core::Flags;
///
/// let mut flags = Flags::new().with("new-checkout", true).with("button", "blue");
/// flags.insert("old-search", false);
/// let evaluated: Flags = [("new-checkout", true), ("old-search", false)].into_iter().collect();
/// assert_eq!((flags.len(), evaluated.len()), (3, 2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(Vec<(Box<str>, FlagValue)>);

impl Flags {
    /// No flag yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The same flags and this one.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<FlagValue>) -> Self {
        self.insert(key, value);
        self
    }

    /// Adds a flag, or replaces its value.
    pub fn insert(&mut self, key: &str, value: impl Into<FlagValue>) {
        let value = value.into();
        match self.position(key) {
            Ok(index) => {
                if let Some((_, old)) = self.0.get_mut(index) {
                    *old = value;
                }
            }
            Err(index) => self.0.insert(index, (key.into(), value)),
        }
    }

    /// The value of the flag `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&FlagValue> {
        let index = self.position(key).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| (**other).cmp(key))
    }

    /// The flags and their values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FlagValue)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// How many flags there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no flag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: AsRef<str>, V: Into<FlagValue>> Extend<(K, V)> for Flags {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, flags: I) {
        flags.into_iter().for_each(|(key, value)| self.insert(key.as_ref(), value));
    }
}

impl<K: AsRef<str>, V: Into<FlagValue>> FromIterator<(K, V)> for Flags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(flags: I) -> Self {
        let mut all = Self::new();
        all.extend(flags);
        all
    }
}

/// The flags as properties, for a visitor.
impl Properties for Flags {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        for (key, value) in self.iter() {
            visitor.value(&Key::new(key), value.as_value());
        }
    }
}
