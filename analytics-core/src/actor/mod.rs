//! Who did it.

mod distinct_id;
mod inline;
mod owned;

use std::fmt;

pub use analytics_rules::MAX_DISTINCT_ID_BYTES;

pub use self::distinct_id::{DistinctId, IntoDistinctId};
pub use self::owned::OwnedActor;

use crate::id::EventId;

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
    /// Somebody of whom nothing is known, not even whether there are two events of theirs.
    Nobody,
    /// A program that acts by itself.
    Service,
    /// A group that is described, where nobody is named who described it.
    Group,
}

analytics_rules::words! {
    ActorKind {
        User = "user",
        Anonymous = "anonymous",
        Session = "session",
        Nobody = "nobody",
        Service = "service",
        Group = "group",
    }
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

    /// Somebody unknown, under an id that a client sent and that nobody has verified: a header's or a cookie's that
    /// anybody can write.
    ///
    /// It is an [`Anonymous`](ActorKind::Anonymous) actor, and good for joining events. What would change a person is
    /// refused of such an id, for the client may have sent somebody else's: `identify` and `alias` are dropped as
    /// [`DropReason::UnverifiedActor`](crate::DropReason::UnverifiedActor), and an event is kept without its updates of
    /// the person, which are counted as properties left out.
    #[inline]
    pub fn claimed(id: impl IntoDistinctId<'a>) -> Self {
        Self::new(ActorKind::Anonymous, id.into_distinct_id().claimed(true))
    }

    /// Somebody of whom nothing is known: each call makes another, with a random id. No backend keeps a person of them.
    /// For events that belong together, as those of one request do, make one and use it for all.
    #[must_use]
    pub fn nobody() -> Self {
        Self::new(ActorKind::Nobody, DistinctId::formatted(EventId::new()))
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

    /// Whether the id is one that a client claims and that nobody has verified: see [`claimed`](Self::claimed).
    #[must_use]
    #[inline]
    pub fn is_claimed(&self) -> bool {
        self.id.is_claimed()
    }

    /// Copies the actor, so that it outlives the id it borrows. Copying the copy allocates nothing.
    #[must_use]
    pub fn into_owned(self) -> OwnedActor {
        OwnedActor::copy(self)
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
