//! The id under which an actor's events are sent.

use std::fmt::{self, Write as _};

use analytics_rules::trimmed;

use super::MAX_DISTINCT_ID_BYTES;
use super::inline::InlineText;
use crate::bytes::has_control;
use crate::property::Value;

/// The id under which an actor's events are sent.
///
/// Made from `&str`, `&String`, `u64`, `i64` and, by feature, `Uuid`; numbers are formatted in place. White space
/// around a text is no part of the id: some servers cut it off and some do not, and one person would become two. For an
/// id type of your own: `impl<'a> From<&'a UserId> for DistinctId<'a>`.
#[derive(Clone, Copy)]
pub struct DistinctId<'a> {
    prefix: &'static str,
    id: Id<'a>,
    is_claimed: bool,
}

#[derive(Clone, Copy)]
enum Id<'a> {
    Borrowed(&'a str),
    Inline(InlineText),
}

const SESSION_PREFIX: &str = "anonymous_";

impl<'a> DistinctId<'a> {
    /// The id of [`Actor::session`](super::Actor::session): `anonymous_{session_id}`, joined only when it is written.
    #[must_use]
    pub fn session(session_id: impl IntoDistinctId<'a>) -> Self {
        Self { prefix: SESSION_PREFIX, ..session_id.into_distinct_id() }
    }

    pub(super) const fn prefixed(prefix: &'static str, id: &'a str) -> Self {
        Self { prefix, id: Id::Borrowed(id), is_claimed: false }
    }

    pub(super) const fn claimed(self, is_claimed: bool) -> Self {
        Self { is_claimed, ..self }
    }

    /// Whether a client says that this is its id, and nobody has verified it: see
    /// [`Actor::claimed`](super::Actor::claimed).
    #[must_use]
    pub const fn is_claimed(&self) -> bool {
        self.is_claimed
    }

    pub(super) fn formatted(value: impl fmt::Display) -> Self {
        let mut inline = InlineText::new();
        // What does not fit is cut; nothing that is formatted here is longer than a UUID.
        let fits = write!(inline, "{value}").is_ok();
        debug_assert!(fits, "an inline id holds a UUID or a 64-bit number");
        Self { prefix: "", id: Id::Inline(inline), is_claimed: false }
    }

    /// The id without its prefix.
    #[must_use]
    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match &self.id {
            Id::Borrowed(text) => text,
            Id::Inline(text) => text.as_str(),
        }
    }

    /// The prefix and the id, which are written one after the other.
    #[must_use]
    #[inline]
    pub fn parts(&self) -> (&'static str, &str) {
        (self.prefix, self.as_str())
    }

    /// The id as a property's value.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        if self.prefix.is_empty() { Value::Str(self.as_str()) } else { Value::Display(self) }
    }

    /// Whether there is nothing but white space, the prefix aside.
    #[must_use]
    #[inline]
    pub fn is_blank(&self) -> bool {
        // Most ids begin with what they are; only others are looked at whole.
        let text = self.as_str();
        !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.trim().is_empty()
    }

    /// Whether every backend takes the id: not blank, no control characters, at most 200 bytes with its prefix.
    #[must_use]
    #[inline]
    pub fn is_valid(&self) -> bool {
        let text = self.as_str();
        self.prefix.len() + text.len() <= MAX_DISTINCT_ID_BYTES && !self.is_blank() && !has_control(text.as_bytes())
    }
}

/// What can be the id of an actor or of a group: all that a [`DistinctId`] is made from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an id",
    label = "not an id",
    note = "a `Uuid`: switch on the cargo feature `uuid`, of `product-analytics` or `analytics-core`",
    note = "a text or an id type of your own that is owned: borrow it, `&id`",
    note = "an id type of your own: `impl<'a> From<&'a UserId> for DistinctId<'a>`",
    note = "a number of another type: convert it, `u64::from(id)`",
    note = "an `Option`, of a user who may be unknown: `Actor::user_or_session(user, session)`, or `if let Some(id)`",
    note = "an `Actor`: give the id that it was made of"
)]
pub trait IntoDistinctId<'a> {
    /// The id.
    fn into_distinct_id(self) -> DistinctId<'a>;
}

#[diagnostic::do_not_recommend]
impl<'a, T: Into<DistinctId<'a>>> IntoDistinctId<'a> for T {
    #[inline]
    fn into_distinct_id(self) -> DistinctId<'a> {
        self.into()
    }
}

impl<'a> From<&'a str> for DistinctId<'a> {
    #[inline]
    fn from(id: &'a str) -> Self {
        Self { prefix: "", id: Id::Borrowed(trimmed(id)), is_claimed: false }
    }
}

impl<'a> From<&'a String> for DistinctId<'a> {
    #[inline]
    fn from(id: &'a String) -> Self {
        Self::from(id.as_str())
    }
}

macro_rules! formatted {
    ($($type:ty)*) => { $(
        impl From<$type> for DistinctId<'_> {
            fn from(id: $type) -> Self {
                Self::formatted(id)
            }
        }
    )* };
}

formatted!(u64 i64 u32 i32);

#[cfg(feature = "uuid")]
formatted!(uuid::Uuid);

impl PartialEq for DistinctId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for DistinctId<'_> {}

impl fmt::Display for DistinctId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix)?;
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for DistinctId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_whole() {
        for (id, text) in [
            (DistinctId::from(u64::MAX), "18446744073709551615"),
            (DistinctId::from(i64::MIN), "-9223372036854775808"),
            (DistinctId::session(7_u64), "anonymous_7"),
        ] {
            assert_eq!(id.to_string(), text);
            assert!(id.is_valid());
        }
    }

    #[test]
    fn an_id_that_no_backend_takes_is_invalid() {
        let long = "x".repeat(MAX_DISTINCT_ID_BYTES);
        assert!(DistinctId::from(&long).is_valid());
        assert!(!DistinctId::session(&long).is_valid(), "the prefix counts");
        assert!(!DistinctId::from(&*format!("{long}x")).is_valid());
        for blank in ["", " ", "\t\u{2003}"] {
            assert!(!DistinctId::from(blank).is_valid(), "{blank:?}");
            assert!(!DistinctId::session(blank).is_valid(), "{blank:?}");
        }
        for control in ["a\nb", "a\0b", "\u{7f}x"] {
            assert!(!DistinctId::from(control).is_valid(), "{control:?}");
        }
        assert!(DistinctId::from("ユーザー").is_valid());
    }

    #[test]
    fn white_space_around_an_id_is_no_part_of_it() {
        for text in ["u1", " u1", "u1\n", "\t u1\r\n", "\u{a0}u1\u{2003}", "\u{3000}u1"] {
            assert_eq!(DistinctId::from(text), DistinctId::from("u1"), "{text:?}");
            assert_eq!(DistinctId::session(text).to_string(), "anonymous_u1", "{text:?}");
        }
        for text in ["é", "u 1", "x", ""] {
            assert_eq!(DistinctId::from(text).to_string(), text);
        }
        let longest = "x".repeat(MAX_DISTINCT_ID_BYTES);
        assert!(DistinctId::from(&*format!(" {longest} ")).is_valid(), "only the id's own length counts");
    }
}
