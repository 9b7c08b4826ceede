//! PostHog's words, read back: for whoever shows what was sent in the words in which it was tracked.

use analytics_core::{ContextKey, StandardEvent};

use crate::context::{ACTIVE_FLAGS, FLAG_PREFIX, spelled};
use crate::standard::Spelling;

/// What a property says that is none of the event's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadBack<'p> {
    /// A circumstance.
    Context(ContextKey),
    /// The value of this flag.
    Flag(&'p str),
    /// The flags that are on, which each flag's own property says as well.
    ActiveFlags,
}

impl<'p> ReadBack<'p> {
    /// What the property `key` says; `None` if it is one of the event's own.
    #[must_use]
    pub fn of(key: &'p str) -> Option<Self> {
        if key == ACTIVE_FLAGS {
            return Some(Self::ActiveFlags);
        }
        let flag = key.strip_prefix(FLAG_PREFIX).map(Self::Flag);
        let context = || ContextKey::ALL.iter().find(|context| spelled(**context).contains(&key));
        flag.or_else(|| context().map(|context| Self::Context(*context)))
    }
}

/// The standard event that PostHog calls `name`; `None` if it is no such.
#[must_use]
pub fn standard_event(name: &str) -> Option<StandardEvent> {
    StandardEvent::ALL.iter().copied().find(|event| Spelling::of(*event).is_some_and(|spelling| spelling.name == name))
}

/// The key of that property of a standard event that PostHog calls `key`; `None` if the event has no such.
#[must_use]
pub fn standard_key(event: StandardEvent, key: &str) -> Option<&'static str> {
    Spelling::of(event)?.own_key(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_is_read_back() {
        for context in ContextKey::ALL {
            assert!(spelled(*context).iter().all(|key| ReadBack::of(key) == Some(ReadBack::Context(*context))));
        }
        assert_eq!(ReadBack::of("$feature/a/b"), Some(ReadBack::Flag("a/b")));
        assert_eq!(ReadBack::of("$active_feature_flags"), Some(ReadBack::ActiveFlags));
        assert_eq!([ReadBack::of("session_id"), ReadBack::of("$set")], [None, None]);
        assert_eq!(standard_event("$exception"), Some(StandardEvent::Exception));
        assert_eq!(standard_event("exception"), None);
        assert_eq!(standard_key(StandardEvent::Exception, "$exception_list"), Some("exception_list"));
        assert_eq!(standard_key(StandardEvent::Exception, "$ai_model"), None);
    }
}
