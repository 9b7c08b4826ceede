//! Which events arrive in the order in which they were captured.

use std::hash::{BuildHasher, Hasher};

use analytics_core::{DistinctId, Record};
use foldhash::quality::FixedState;

/// The longest id that is hashed as it stands; of a longer one, which no backend takes, the beginning.
const MOST_ID_BYTES: usize = 256;

/// Which events arrive in the order in which they were captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Order {
    /// Those of one route that have one [`OrderKey`]: no request with one of them begins while an earlier one is on its
    /// way, or waits to be sent again.
    #[default]
    Actor,
    /// None: any events may overtake each other when a request fails.
    None,
}

analytics_rules::keywords! { Order { Actor = "actor", None = "none" } }

/// Names the events among which an event keeps its place: those of its route with the same key.
///
/// An [`Encoder`](crate::Encoder) makes it, usually of the id under which a backend knows whom the event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrderKey(Option<u64>);

impl OrderKey {
    /// For an event that may arrive before or after any other.
    pub const NONE: Self = Self(None);

    /// For a record that keeps its place among those of its actor; an update of a group among those of the group,
    /// whoever makes it.
    #[must_use]
    pub fn of_record(record: &Record<'_>) -> Self {
        match record.group() {
            Some((kind, id)) => Self::of_group(kind, &id),
            None => Self::of(&record.actor().id()),
        }
    }

    /// For an event that keeps its place among those of `id`, as it is written out.
    #[must_use]
    pub fn of(id: &DistinctId<'_>) -> Self {
        let (prefix, text) = id.parts();
        if prefix.is_empty() {
            return Self::of_bytes(text.as_bytes());
        }
        Self::of_parts([prefix.as_bytes(), text.as_bytes()])
    }

    /// For an event that keeps its place among those of the group `id` of this kind.
    #[must_use]
    pub fn of_group(kind: &str, id: &DistinctId<'_>) -> Self {
        let (prefix, text) = id.parts();
        // No id has a control character in it, so no actor's id is taken for a group's.
        Self::of_parts([kind.as_bytes(), b"\0", prefix.as_bytes(), text.as_bytes()])
    }

    /// The parts are one text: "a" and "bc" are "ab" and "c".
    fn of_parts<const N: usize>(parts: [&[u8]; N]) -> Self {
        let (mut joined, mut len) = ([0; MOST_ID_BYTES], 0);
        for (to, from) in joined.iter_mut().zip(parts.iter().copied().flatten()) {
            *to = *from;
            len += 1;
        }
        Self::of_bytes(joined.get(..len).unwrap_or_default())
    }

    fn of_bytes(text: &[u8]) -> Self {
        let mut hasher = FixedState::default().build_hasher();
        hasher.write(text.get(..MOST_ID_BYTES).unwrap_or(text));
        Self(Some(hasher.finish()))
    }

    /// The hash of what it was made of; `None` if any order will do.
    pub(crate) const fn hash(self) -> Option<u64> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use analytics_core::Actor;

    use super::*;

    #[test]
    fn a_key_is_that_of_the_id_as_it_is_written_out() {
        let key = |actor: Actor<'_>| OrderKey::of(&actor.id());
        assert_eq!(key(Actor::session("s1")), key(Actor::anonymous("anonymous_s1")));
        assert_eq!(key(Actor::user("u1")), key(Actor::service("u1")));
        assert_eq!(key(Actor::user(7_u64)), key(Actor::user("7")));
        assert_ne!(key(Actor::user("u1")), key(Actor::user("u2")));
        assert_ne!(key(Actor::user("u1")), key(Actor::session("u1")));
        assert_ne!(key(Actor::user("u1")), OrderKey::NONE);
    }

    #[test]
    fn a_groups_key_is_that_of_its_kind_and_its_id() {
        let key = |kind, id: &'static str| OrderKey::of_group(kind, &id.into());
        assert_eq!(key("company", "acme"), key("company", "acme"));
        let others = [key("company", "acme2"), key("companya", "cme"), OrderKey::of(&"companyacme".into())];
        assert!(others.iter().all(|other| *other != key("company", "acme")));
    }

    #[test]
    fn ids_that_are_too_long_for_anybody_have_a_key_all_the_same() {
        let long = "x".repeat(2 * MOST_ID_BYTES);
        assert_eq!(OrderKey::of(&long.as_str().into()), OrderKey::of(&long.as_str().into()));
        assert_eq!(OrderKey::of_group(&long, &"a".into()), OrderKey::of_group(&long, &"b".into()));
    }
}
