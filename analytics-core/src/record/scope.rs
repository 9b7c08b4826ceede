//! What holds for every event of a handle.

use super::Details;
use crate::actor::DistinctId;
use crate::json;
use crate::log_target::TARGET;
use crate::once_per_key::OncePerKey;
use crate::property::{OwnedKey, OwnedProperty, OwnedValue, Properties, Property, PropertyVisitor, Value};
use crate::unwind::catch_panic;

/// The properties and groups of a handle, its parents' included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    properties: ScopeProperties,
    groups: Vec<OwnedProperty>,
    /// The kinds of groups without which no event is to be tracked.
    required_groups: Vec<Box<str>>,
    /// Whether a value panicked when it was written down.
    has_panicked: bool,
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
    /// What cannot be written is left out, and told of if it is the first under its key.
    pub(crate) fn with(&self, key: &str, value: Value<'_>, left_out_keys: &OncePerKey) -> Self {
        let mut child = self.clone();
        child.put(key, value, left_out_keys);
        child
    }

    /// A child of this scope with each of `properties`, as [`with`](Self::with).
    pub(crate) fn with_all(&self, properties: &dyn Properties, left_out_keys: &OncePerKey) -> Self {
        let mut child = self.clone();
        let mut putting = Putting { scope: &mut child, left_out_keys };
        if catch_panic(|| properties.visit_properties(&mut putting)).is_none() {
            child.has_panicked = true;
            tell("", left_out_keys, "they panicked while they were read, and the events of their scope are dropped");
        }
        child
    }

    fn put(&mut self, key: &str, value: Value<'_>, left_out_keys: &OncePerKey) {
        self.properties.0.retain(|property| property.key.as_key().name() != key);
        if matches!(value, Value::Null) {
            return;
        }
        match catch_panic(|| json::to_string(value).map(|json| (json, value.into_owned()))) {
            Some(Ok((json, value))) => {
                self.properties.0.push(ScopeProperty { key: OwnedKey::new(key), value, json: json.into() });
            }
            Some(Err(error)) => tell(key, left_out_keys, &error.to_string()),
            None => {
                self.has_panicked = true;
                tell(key, left_out_keys, "it panicked, and the events of its scope are dropped");
            }
        }
    }

    /// Whether a property panicked when it was added. What the scope's events were to say, and perhaps by what they are
    /// to be held back, is not known: they are dropped.
    pub(crate) fn has_panicked(&self) -> bool {
        self.has_panicked
    }

    /// A child of this scope in which events happen in the group `id` of this kind.
    pub(crate) fn in_group(&self, kind: &str, id: Value<'_>) -> Self {
        let mut child = self.clone();
        OwnedProperty::put(&mut child.groups, kind, id);
        child
    }

    /// A child of this scope in which events happen in a group of this kind, or not at all.
    pub(crate) fn requiring_group(&self, kind: &str) -> Self {
        let mut child = self.clone();
        if !child.required_groups.iter().any(|required| **required == *kind) {
            child.required_groups.push(kind.into());
        }
        child
    }

    /// The first kind of group that is required and of which neither the scope nor the call names one.
    #[inline]
    pub(crate) fn missing_group(&self, details: Option<&Details<'_>>) -> Option<&str> {
        // Most handles require none.
        self.required_groups.iter().map(|kind| &**kind).find(|kind| !self.names_group(kind, details))
    }

    /// A call's group wins over the scope's.
    fn names_group(&self, kind: &str, details: Option<&Details<'_>>) -> bool {
        if let Some(id) = details.and_then(|details| details.groups.get(kind)) {
            return id.is_valid();
        }
        let of_scope = self.groups.iter().find(|group| group.key() == kind);
        of_scope.is_some_and(|group| matches!(group.value(), OwnedValue::Str(id) if DistinctId::from(&**id).is_valid()))
    }

    pub(crate) fn properties(&self) -> &ScopeProperties {
        &self.properties
    }

    pub(crate) fn groups(&self) -> &dyn Properties {
        &self.groups
    }
}

/// A visitor that puts what it sees into a scope.
struct Putting<'s> {
    scope: &'s mut Scope,
    left_out_keys: &'s OncePerKey,
}

impl PropertyVisitor for Putting<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        self.scope.put(property.key().name(), property.value(), self.left_out_keys);
    }
}

fn tell(key: &str, left_out_keys: &OncePerKey, why: &str) {
    if left_out_keys.is_first(key) {
        catch_panic(|| {
            tracing::warn!(
                target: TARGET, ?key,
                "a property was left out of a scope: {why}; later ones under this key are not told"
            );
        });
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
