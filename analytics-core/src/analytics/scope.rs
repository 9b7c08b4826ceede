//! What holds for every event of a handle.

use crate::json;
use crate::property::{OwnedKey, OwnedProperty, OwnedValue, Properties, Property, PropertyVisitor, Value};

/// The properties and groups of a handle, its parents' included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    properties: ScopeProperties,
    groups: Vec<OwnedProperty>,
}

/// Properties whose JSON is ready.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeProperties(Vec<ScopeProperty>);

#[derive(Clone, Debug)]
struct ScopeProperty {
    key: OwnedKey,
    value: OwnedValue,
    json: Box<str>,
}

impl Scope {
    /// A child of this scope: its property wins over the parent's of that key. `Null` removes the parent's.
    pub(super) fn with(&self, key: &str, value: Value<'_>) -> Self {
        let mut child = self.clone();
        child.properties.0.retain(|property| property.key.as_key().name() != key);
        match json::to_string(value) {
            Ok(_) if matches!(value, Value::Null) => {}
            Ok(json) => child.properties.0.push(ScopeProperty {
                key: OwnedKey::new(key),
                value: value.into_owned(),
                json: json.into(),
            }),
            Err(error) => tracing::warn!(?key, %error, "analytics: a property was left out of a scope"),
        }
        child
    }

    /// A child of this scope in which events happen in the group `id` of this kind.
    pub(super) fn in_group(&self, kind: &str, id: Value<'_>) -> Self {
        let mut child = self.clone();
        OwnedProperty::put(&mut child.groups, kind, id);
        child
    }

    pub(crate) fn properties(&self) -> &ScopeProperties {
        &self.properties
    }

    pub(crate) fn groups(&self) -> &dyn Properties {
        &self.groups
    }
}

impl ScopeProperties {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Properties for ScopeProperties {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        for property in &self.0 {
            let key = property.key.as_key();
            visitor.visit(&Property::new(&key, property.value.as_value()).with_json(&property.json));
        }
    }
}
