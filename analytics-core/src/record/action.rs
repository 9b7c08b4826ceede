//! What a record tells.

use crate::actor::DistinctId;
use crate::event::EventDescription;

/// What a record tells, without any value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Action<'a> {
    /// An event happened.
    #[non_exhaustive]
    Track {
        /// The event's name.
        name: &'a str,
        /// What is known about the event's type.
        description: Option<&'static EventDescription>,
    },
    /// The actor is known, and described by [`Record::visit_person`](crate::Record::visit_person).
    #[non_exhaustive]
    Identify {
        /// The id under which the same person was seen before.
        anonymous: Option<DistinctId<'a>>,
    },
    /// The actor was seen before under another id.
    #[non_exhaustive]
    Alias {
        /// That other id.
        anonymous: DistinctId<'a>,
    },
    /// A group is described by the record's properties. The record's actor is whoever described it, or the group itself
    /// where nobody is named.
    #[non_exhaustive]
    GroupIdentify {
        /// The kind of group: `company`.
        kind: &'a str,
        /// The group: `acme`.
        group: DistinctId<'a>,
    },
}

impl<'a> Action<'a> {
    /// What it is called in log lines: the event's name as it is, else `identify`, `alias` or `group_identify`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        match self {
            Self::Track { name, .. } => name,
            Self::Identify { .. } => "identify",
            Self::Alias { .. } => "alias",
            Self::GroupIdentify { .. } => "group_identify",
        }
    }
}

/// How a record changes what is known about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PersonUpdate {
    /// Sets a property.
    Set,
    /// Sets a property that was never set.
    SetOnce,
    /// Removes a property; the visited values are null.
    Unset,
}

analytics_rules::words! { PersonUpdate { Set = "set", SetOnce = "set_once", Unset = "unset" } }
