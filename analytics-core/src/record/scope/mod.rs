//! What holds for every event of a handle.

mod builder;
mod member;
mod room;

pub use self::builder::ScopeBuilder;
use self::member::{Member, Part};
pub(crate) use self::room::Room;
use super::Details;
use crate::actor::DistinctId;
use crate::once_per_key::OncePerKey;
use crate::property::{Properties, Property, PropertyVisitor, Value};

/// What holds for every event of a handle, its parents' included: one text with all keys, strings and JSON, and where
/// in it each member stands. Making a child of it takes three allocations, lists and objects aside.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    text: String,
    members: Vec<Member>,
    /// The bits of the parts that have members.
    parts: u8,
    sampling_rate: Option<f64>,
    /// Whether a value panicked when it was written down.
    has_panicked: bool,
}

impl Scope {
    /// A child of this scope with what `change` adds, for which there is to be `room`.
    pub(crate) fn changed(
        &self,
        room: Room,
        logged_keys: &OncePerKey,
        change: impl FnOnce(&mut ScopeBuilder<'_>),
    ) -> Self {
        let mut builder = ScopeBuilder::new(self, room, logged_keys);
        builder.change(change);
        builder.build()
    }

    /// Whether a property panicked when it was added. What the scope's events were to say, and perhaps by what they are
    /// to be held back, is not known: they are dropped.
    pub(crate) fn has_panicked(&self) -> bool {
        self.has_panicked
    }

    /// The first kind of group that is required and of which neither the scope nor the call names one.
    #[inline]
    pub(crate) fn missing_group(&self, details: Option<&Details<'_>>) -> Option<&str> {
        // Most handles require none.
        if !self.has(Part::RequiredGroup) {
            return None;
        }
        let mut required = self.members_of(Part::RequiredGroup).map(|member| member.key.of(&self.text));
        required.find(|kind| !self.names_group(kind, details))
    }

    /// A call's group wins over the scope's.
    fn names_group(&self, kind: &str, details: Option<&Details<'_>>) -> bool {
        if let Some(id) = details.and_then(|details| details.groups.get(kind)) {
            return id.is_valid();
        }
        let of_scope = self.members_of(Part::Group).find(|member| member.key.of(&self.text) == kind);
        of_scope
            .is_some_and(|group| matches!(group.value(&self.text), Value::Str(id) if DistinctId::from(id).is_valid()))
    }

    fn has(&self, part: Part) -> bool {
        self.parts & part.bit() != 0
    }

    fn members_of(&self, part: Part) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.part == part)
    }

    fn part(&self, part: Part) -> Option<ScopePart<'_>> {
        self.has(part).then_some(ScopePart { scope: self, part })
    }

    /// Its properties; `None` if there are none.
    pub(crate) fn properties(&self) -> Option<ScopePart<'_>> {
        self.part(Part::Property)
    }

    /// Its groups; `None` if there are none.
    pub(crate) fn groups(&self) -> Option<ScopePart<'_>> {
        self.part(Part::Group)
    }

    /// Its context; `None` if there is none.
    pub(crate) fn context(&self) -> Option<ScopePart<'_>> {
        self.part(Part::Context)
    }

    /// Its flags; `None` if there are none.
    pub(crate) fn flags(&self) -> Option<ScopePart<'_>> {
        self.part(Part::Flag)
    }

    /// The share of the actors whose events are tracked.
    pub(crate) fn sampling_rate(&self) -> Option<f64> {
        self.sampling_rate
    }
}

/// Those members of a scope that are of one part.
#[derive(Clone, Copy)]
pub(crate) struct ScopePart<'s> {
    scope: &'s Scope,
    part: Part,
}

impl Properties for ScopePart<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let text = &*self.scope.text;
        for member in self.scope.members_of(self.part) {
            let key = member.key(text);
            visitor.visit(&Property::new(&key, member.value(text)).with_json(member.json.of(text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_that_is_replaced_again_and_again_takes_no_room() {
        let keys = OncePerKey::new();
        let with = |scope: &Scope, key: &str, value: &str| {
            scope.changed(Room::for_value(key, Value::Str(value)), &keys, |scope| {
                scope.property(key, value);
            })
        };
        let mut scope = with(&Scope::default(), "kept", "a \"quoted\" text");
        for number in 0..1_000 {
            scope = with(&scope, "replaced", &format!("value {number}"));
            scope = with(&scope, "quoted", &format!("\"{number}\""));
        }
        assert!(scope.text.len() < 300 && scope.text.capacity() < 600, "{} bytes", scope.text.len());
        let shown = |scope: &Scope| {
            let members = scope.members.iter().map(|member| {
                let (json, value) = (member.json.of(&scope.text), member.value(&scope.text));
                format!("{} {json} {value}", member.key.of(&scope.text))
            });
            members.collect::<Vec<_>>()
        };
        let expected = [
            r#"kept "a \"quoted\" text" "a \"quoted\" text""#,
            r#"replaced "value 999" "value 999""#,
            r#"quoted "\"999\"" "\"999\"""#,
        ];
        assert_eq!(shown(&scope), expected);
        assert_eq!(shown(&scope.compacted()), expected);
    }
}
