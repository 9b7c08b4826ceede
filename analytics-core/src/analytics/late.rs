//! An actor that is found out while something of theirs runs.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::Analytics;
use crate::actor::{Actor, IntoDistinctId, OwnedActor};

/// An actor that is found out while something of theirs runs: whoever sends a request, of whom the first to look at it
/// knows a cookie at most, and authentication knows the user.
///
/// Clones are the same actor. What is tracked by [`Analytics::by_late`](crate::Analytics::by_late) before
/// [`bind`](Self::bind) is the first actor's, and all that is tracked after it is the other's, whichever clone is told
/// and wherever the tracker was handed to.
///
/// ```
/// use analytics_core::{Actor, Analytics, CopilotEvent, LateActor};
///
/// fn request(analytics: &Analytics, session_id: &str) {
///     let actor = LateActor::new(Actor::nobody());
///     let tracker = analytics.by_late(&actor);
///     actor.bind(Actor::user("u1")).expect("nobody has bound it before");
///     tracker.track(CopilotEvent::MessageSent { session_id, message_length: 5 }); // of u1
/// }
/// # request(&Analytics::new(analytics_core::Fanout::new()), "s1");
/// ```
#[derive(Clone)]
pub struct LateActor(Arc<Late>);

struct Late {
    first: OwnedActor,
    claimed: OnceLock<OwnedActor>,
    bound: OnceLock<OwnedActor>,
    /// A handle whose scope is known as late.
    analytics: OnceLock<Analytics>,
}

/// Why an actor stays who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindError {
    /// The id is none that an actor can have: blank, over 200 bytes, or with control characters.
    InvalidId,
    /// It was bound to another actor before, whose events may be under way.
    AlreadyBound,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidId => "the id is blank, longer than 200 bytes, has control characters, or is nobody's",
            Self::AlreadyBound => "somebody else was named before: one request has one actor",
        })
    }
}

impl std::error::Error for BindError {}

impl LateActor {
    /// An actor that is `first` until it is bound.
    #[must_use]
    pub fn new(first: Actor<'_>) -> Self {
        Self(Arc::new(Late {
            first: first.into_owned(),
            claimed: OnceLock::new(),
            bound: OnceLock::new(),
            analytics: OnceLock::new(),
        }))
    }

    /// Who it is now.
    #[must_use]
    pub fn actor(&self) -> Actor<'_> {
        let Late { first, claimed, bound, .. } = &*self.0;
        bound.get().or_else(|| claimed.get()).unwrap_or(first).as_actor()
    }

    /// Until it is bound, it is whom a client claims to be: [`Actor::claimed`] in the place of the first. Returns
    /// whether it is; the first claim stays, and an invalid id is none.
    #[allow(clippy::must_use_candidate, reason = "a claim that is ignored is as good as none")]
    pub fn claim<'a>(&self, id: impl IntoDistinctId<'a>) -> bool {
        let claim = Actor::claimed(id);
        claim.id().is_valid() && self.0.claimed.set(claim.into_owned()).is_ok()
    }

    /// Whether it was bound.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.0.bound.get().is_some()
    }

    /// From now on what is tracked of it happens in the scope of `analytics`, which is made of the tracker's own: the
    /// tenant is known as late as the user is. It holds for [`Analytics::by_late`] and its clones, not for a tracker
    /// that was made of them by `with` or `in_group` before. Returns whether it does: the first scope stays.
    ///
    /// ```
    /// # use analytics_core::{Actor, Analytics, LateActor};
    /// # fn request(analytics: &Analytics) {
    /// let actor = LateActor::new(Actor::nobody());
    /// let tracker = analytics.by_late(&actor);
    /// actor.bind_scope(tracker.analytics().in_group("organization", "acme"));
    /// # }
    /// ```
    #[allow(clippy::must_use_candidate, reason = "a second scope is a slip of the program's")]
    pub fn bind_scope(&self, analytics: Analytics) -> bool {
        self.0.analytics.set(analytics).is_ok()
    }

    /// The handle of the late scope; `None` before there is one.
    pub(super) fn analytics(&self) -> Option<&Analytics> {
        self.0.analytics.get()
    }

    /// From now on it is `actor`. Binding it to the same actor again changes nothing.
    ///
    /// # Errors
    /// If the actor's id is invalid, or it was bound to another actor before; it stays who it is.
    pub fn bind(&self, actor: Actor<'_>) -> Result<(), BindError> {
        if !actor.id().is_valid() {
            return Err(BindError::InvalidId);
        }
        let bound = self.0.bound.get_or_init(|| actor.into_owned()).as_actor();
        if bound == actor && bound.is_claimed() == actor.is_claimed() { Ok(()) } else { Err(BindError::AlreadyBound) }
    }
}

impl fmt::Debug for LateActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LateActor").field(&self.actor()).finish()
    }
}
