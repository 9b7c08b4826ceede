//! Who did it.

mod distinct_id;

use std::fmt;

pub use analytics_rules::MAX_DISTINCT_ID_BYTES;

pub use self::distinct_id::{DistinctId, IntoDistinctId};

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ActorKind {
    /// A known user.
    User,
    /// Somebody unknown under an id that another system made, a browser's cookie say.
    Anonymous,
    /// Somebody unknown, known only by a session.
    Session,
    /// A program that acts by itself.
    Service,
    /// A group that is described, where nobody is named who described it.
    Group,
}

analytics_rules::words! {
    ActorKind { User = "user", Anonymous = "anonymous", Session = "session", Service = "service", Group = "group" }
}

/// Who did it: a kind and an id. Cheap to copy; borrows its id or holds a formatted number.
///
/// ```
/// use analytics_core::Actor;
///
/// assert_eq!(Actor::user("u1").to_string(), "u1");
/// assert_eq!(Actor::session("s1").to_string(), "anonymous_s1");
/// assert_eq!(Actor::user_or_session(Some(42), "s1").to_string(), "42");
/// assert_eq!(Actor::user_or_session(Some(""), "s1"), Actor::session("s1"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Actor<'a> {
    kind: ActorKind,
    id: DistinctId<'a>,
}

impl<'a> Actor<'a> {
    /// A known user.
    #[inline]
    pub fn user(id: impl IntoDistinctId<'a>) -> Self {
        Self::new(ActorKind::User, id.into_distinct_id())
    }

    /// Somebody unknown; the id is sent as it is.
    #[inline]
    pub fn anonymous(id: impl IntoDistinctId<'a>) -> Self {
        Self::new(ActorKind::Anonymous, id.into_distinct_id())
    }

    /// Somebody unknown, known only by a session: the id is sent as `anonymous_{session_id}`.
    #[inline]
    pub fn session(session_id: impl IntoDistinctId<'a>) -> Self {
        Self::new(ActorKind::Session, DistinctId::session(session_id))
    }

    /// The user, if there is one and its id is not blank; else the session.
    #[inline]
    pub fn user_or_session<U: IntoDistinctId<'a>>(user_id: Option<U>, session_id: impl IntoDistinctId<'a>) -> Self {
        match user_id.map(IntoDistinctId::into_distinct_id) {
            Some(id) if !id.is_blank() => Self::new(ActorKind::User, id),
            _ => Self::session(session_id),
        }
    }

    /// A program that acts by itself, under its name.
    #[inline]
    pub fn service(name: impl IntoDistinctId<'a>) -> Self {
        Self::new(ActorKind::Service, name.into_distinct_id())
    }

    pub(crate) fn group(id: DistinctId<'a>) -> Self {
        Self::new(ActorKind::Group, id)
    }

    pub(crate) const fn new(kind: ActorKind, id: DistinctId<'a>) -> Self {
        Self { kind, id }
    }

    /// What the actor is.
    #[must_use]
    #[inline]
    pub fn kind(&self) -> ActorKind {
        self.kind
    }

    /// The id under which events of this actor are sent.
    #[must_use]
    #[inline]
    pub fn id(&self) -> DistinctId<'a> {
        self.id
    }

    /// Copies the actor, so that it outlives the id it borrows.
    #[must_use]
    pub fn into_owned(self) -> OwnedActor {
        OwnedActor { kind: self.kind, prefix: self.id.prefix(), id: self.id.as_str().into() }
    }
}

impl fmt::Display for Actor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.id, f)
    }
}

impl fmt::Debug for Actor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({})", self.kind, self.id)
    }
}

/// A copy of an [`Actor`].
#[derive(Clone, PartialEq, Eq)]
pub struct OwnedActor {
    kind: ActorKind,
    prefix: &'static str,
    id: Box<str>,
}

impl OwnedActor {
    /// Borrows the actor.
    #[must_use]
    pub fn as_actor(&self) -> Actor<'_> {
        Actor::new(self.kind, DistinctId::prefixed(self.prefix, &self.id))
    }
}

impl fmt::Debug for OwnedActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_actor(), f)
    }
}
