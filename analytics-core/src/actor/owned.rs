//! An actor that outlives its caller.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::inline::InlineText;
use super::{Actor, ActorKind, DistinctId};

/// A copy of an [`Actor`]. A clone of it allocates nothing.
#[derive(Clone)]
pub struct OwnedActor {
    kind: ActorKind,
    prefix: &'static str,
    is_claimed: bool,
    id: Text,
}

/// A text that is cloned without an allocation.
#[derive(Clone)]
enum Text {
    Inline(InlineText),
    Shared(Arc<str>),
}

impl Text {
    fn copy(text: &str) -> Self {
        let mut inline = InlineText::new();
        match inline.write_str(text) {
            Ok(()) => Self::Inline(inline),
            Err(_) => Self::Shared(text.into()),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Inline(text) => text.as_str(),
            Self::Shared(text) => text,
        }
    }
}

impl OwnedActor {
    pub(super) fn copy(actor: Actor<'_>) -> Self {
        let (prefix, text) = actor.id.parts();
        Self { kind: actor.kind, prefix, is_claimed: actor.is_claimed(), id: Text::copy(text) }
    }

    /// Borrows the actor.
    #[must_use]
    pub fn as_actor(&self) -> Actor<'_> {
        let id = DistinctId::prefixed(self.prefix, self.id.as_str());
        Actor::new(self.kind, id.claimed(self.is_claimed))
    }
}

impl PartialEq for OwnedActor {
    fn eq(&self, other: &Self) -> bool {
        self.as_actor() == other.as_actor()
    }
}

impl Eq for OwnedActor {}

impl fmt::Debug for OwnedActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_actor(), f)
    }
}
