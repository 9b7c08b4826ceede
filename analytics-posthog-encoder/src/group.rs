//! The groups in which an event happened.

use analytics_core::{Key, LeftOut, OwnedProperty, OwnedValue, Property, PropertyVisitor, Value};

use crate::value_kind::ValueKind;

/// The longest kind and the longest id of a group that PostHog takes, in characters.
const MAX_CHARS: usize = 400;

/// Shows only groups that PostHog links, and keeps what there is to tell of the others.
pub(crate) struct Linked<'v, 'l> {
    pub(crate) inner: &'v mut dyn PropertyVisitor,
    pub(crate) left_out: &'l mut Vec<LeftOut>,
}

impl PropertyVisitor for Linked<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        let kind = property.key().name();
        match refusal(kind, property.value()) {
            None => self.inner.visit(property),
            Some(why) => self.left_out.push(LeftOut::new(kind, why)),
        }
    }
}

/// Why PostHog would not link an event to this group; `None` if it would.
fn refusal(kind: &str, id: Value<'_>) -> Option<String> {
    let id_chars = match id {
        Value::Str(id) if !id.trim().is_empty() => id.chars().count(),
        // A session's id, joined to its prefix.
        Value::Display(_) if ValueKind::of(id) == ValueKind::Text => 1,
        _ => 0,
    };
    if kind.trim().is_empty() || id_chars == 0 {
        Some("a group has a kind and an id, and both are texts that are not blank".to_owned())
    } else if kind.chars().count() > MAX_CHARS || id_chars > MAX_CHARS {
        Some(format!("a group's kind and id have at most {MAX_CHARS} characters each"))
    } else {
        None
    }
}

/// The groups that a property `$groups` names, with their ids as texts; `None` if it is no object.
pub(crate) fn of_property(value: Value<'_>) -> Option<Vec<OwnedProperty>> {
    let text_of = |value: Value<'_>| match ValueKind::of(value) {
        ValueKind::Text => {
            analytics_core::json::to_string(value).ok().and_then(|json| serde_json::from_str(&json).ok())
        }
        ValueKind::Integer => analytics_core::json::to_string(value).ok(),
        ValueKind::Boolean | ValueKind::Other => None,
    };
    let group = |member: OwnedProperty| {
        let id = text_of(member.value().as_value()).map_or(OwnedValue::Null, |id: String| OwnedValue::Str(id.into()));
        OwnedProperty::new(member.key(), id)
    };
    Some(value.members()?.into_iter().map(group).collect())
}

/// Those of the groups that a property names which PostHog links.
pub(crate) fn linked(groups: &[OwnedProperty], left_out: &mut Vec<LeftOut>) -> Vec<OwnedProperty> {
    struct Kept(Vec<OwnedProperty>);

    impl PropertyVisitor for Kept {
        fn visit(&mut self, property: &Property<'_>) {
            self.0.push(OwnedProperty::new(property.key().name(), property.value().into_owned()));
        }
    }

    let mut kept = Kept(Vec::with_capacity(groups.len()));
    let mut linking = Linked { inner: &mut kept, left_out };
    for group in groups {
        let key = Key::new(group.key());
        linking.visit(&Property::new(&key, group.value().as_value()));
    }
    kept.0
}
