//! What a record tells.

use std::fmt;

use analytics_core::{OwnedAction, OwnedRecord};

/// What a record tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An event of this name.
    Event(String),
    /// Who a user is.
    Identify,
    /// That an anonymous person is a user.
    Alias,
    /// What a group of this kind is like.
    Group(String),
}

impl Subject {
    /// Whether `record` tells it.
    pub(crate) fn is_of(&self, record: &OwnedRecord) -> bool {
        match (self, record.action()) {
            (Self::Event(name), OwnedAction::Track { name: recorded, .. }) => **name == **recorded,
            (Self::Identify, OwnedAction::Identify { .. }) | (Self::Alias, OwnedAction::Alias { .. }) => true,
            (Self::Group(kind), OwnedAction::GroupIdentify { kind: recorded, .. }) => **kind == **recorded,
            _ => false,
        }
    }
}

/// How records are counted in a sentence: `no identify was recorded`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(name) => f.write_str(name),
            Self::Identify => f.write_str("identify"),
            Self::Alias => f.write_str("alias"),
            Self::Group(kind) => write!(f, "group_identify of a {kind}"),
        }
    }
}
