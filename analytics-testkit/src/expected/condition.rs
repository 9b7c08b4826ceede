//! One thing that must hold of a record.

use analytics_core::{Actor, ActorKind, OwnedAction, OwnedProperty, OwnedRecord, PersonUpdate};

use crate::text::pair;
use crate::wire::Wire;

/// One thing that must hold of a record.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// It is about whoever has this id.
    Actor { who: Who, id: String },
    /// It describes the group with this id.
    Group { id: String },
    /// It has this value in this place; `None`: it has none there.
    Value { place: RecordField, key: String, wanted: Option<Wire>, own: bool },
}

/// What is known about whom a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// An actor of this kind.
    Actor(ActorKind),
    /// An actor whose id a client claims.
    Claimed,
    /// Somebody of whom nothing is known, whose id is another each time.
    Nobody,
    /// An actor of any kind.
    Anyone,
}

/// Where in a record a value stands, in the order in which a record is shown. `own`, beside it, marks what a whole
/// event says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RecordField {
    /// The id under which the person was seen before; there is no key.
    Anonymous,
    Property,
    /// A property that is set of the person.
    Set,
    /// A property that is set of the person, unless it was set before.
    SetOnce,
    /// A property that is removed from the person; its value is its key.
    Unset,
    /// The id of a group in which it happened, by the kind of group.
    Group,
    /// A circumstance in which it happened.
    Context,
    /// A feature flag's value.
    Flag,
}

impl Condition {
    pub(crate) fn actor(actor: Actor<'_>) -> Self {
        let who = match actor.kind() {
            ActorKind::Nobody => Who::Nobody,
            _ if actor.is_claimed() => Who::Claimed,
            kind => Who::Actor(kind),
        };
        Self::Actor { who, id: actor.id().to_string() }
    }

    /// The same condition, which looks at an actor's id only.
    pub(crate) fn of_any_kind(self) -> Self {
        match self {
            Self::Actor { who: Who::Actor(_) | Who::Claimed, id } => Self::Actor { who: Who::Anyone, id },
            other => other,
        }
    }

    pub(crate) fn value(place: RecordField, key: &str, wanted: Option<Wire>) -> Self {
        Self::Value { place, key: key.to_owned(), wanted, own: false }
    }

    /// Whether it is what a whole event says about itself.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self, Self::Value { own: true, .. })
    }

    /// Whether it is what a whole event says about its property `key`.
    pub(crate) fn is_own_of(&self, key: &str) -> bool {
        matches!(self, Self::Value { own: true, key: own_key, .. } if own_key == key)
    }

    /// Where in a record it looks; the actor and the group stand before all places.
    pub(crate) fn place(&self) -> Option<RecordField> {
        match self {
            Self::Actor { .. } | Self::Group { .. } => None,
            Self::Value { place, .. } => Some(*place),
        }
    }

    /// Whether the other speaks about the same place in a record.
    pub(crate) fn is_about_the_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Actor { .. }, Self::Actor { .. }) | (Self::Group { .. }, Self::Group { .. }) => true,
            (Self::Value { place, key, .. }, Self::Value { place: other_place, key: other_key, .. }) => {
                place == other_place && key == other_key
            }
            _ => false,
        }
    }

    pub(crate) fn holds(&self, record: &OwnedRecord) -> bool {
        match self {
            Self::Actor { who, id } => {
                let actor = record.actor();
                let is_nobody = actor.kind() == ActorKind::Nobody;
                let is_of_kind = match who {
                    Who::Nobody => return is_nobody,
                    Who::Actor(kind) => *kind == actor.kind(),
                    Who::Claimed => actor.is_claimed(),
                    Who::Anyone => true,
                };
                is_of_kind && *id == actor.id().to_string()
            }
            Self::Group { id } => group(record) == Some(id),
            Self::Value { place, key, wanted, .. } => *wanted == place.find(key, record),
        }
    }

    /// What is wrong with `record`, in one line: `tool_name: expected "search", recorded "fetch"`.
    pub(crate) fn difference(&self, record: &OwnedRecord) -> Option<String> {
        if self.holds(record) {
            return None;
        }
        Some(match self {
            Self::Actor { who, id } => {
                let actor = record.actor();
                let (wanted, found) = pair(id, &actor.id().to_string());
                match who {
                    Who::Actor(kind) => {
                        let (kind, actual) = (named(*kind), named(actor.kind()));
                        format!("actor: expected {wanted} ({kind}), recorded {found} ({actual})")
                    }
                    Who::Nobody => format!("actor: expected nobody, recorded {found} ({})", named(actor.kind())),
                    Who::Claimed => {
                        let actual = if actor.is_claimed() { "claimed".to_owned() } else { named(actor.kind()) };
                        format!("actor: expected {wanted} (claimed), recorded {found} ({actual})")
                    }
                    Who::Anyone => format!("actor: expected {wanted}, recorded {found}"),
                }
            }
            Self::Group { id } => {
                let (wanted, found) = pair(id, group(record).unwrap_or_default());
                format!("group: expected {wanted}, recorded {found}")
            }
            Self::Value { place, key, wanted, .. } => {
                let told = |value: Option<&Wire>| value.map_or_else(|| "absent".to_owned(), Wire::json);
                let (wanted, found) = pair(&told(wanted.as_ref()), &told(place.find(key, record).as_ref()));
                format!("{}: expected {wanted}, recorded {found}", place.named(key))
            }
        })
    }
}

impl RecordField {
    fn find(self, key: &str, record: &OwnedRecord) -> Option<Wire> {
        let properties = match self {
            Self::Property => record.properties(),
            Self::Group => record.groups(),
            Self::Context => record.context(),
            Self::Flag => record.flags(),
            Self::Set => record.person(PersonUpdate::Set),
            Self::SetOnce => record.person(PersonUpdate::SetOnce),
            Self::Unset => record.person(PersonUpdate::Unset),
            Self::Anonymous => return anonymous(record).and_then(Wire::text),
        };
        let property: &OwnedProperty = properties.iter().find(|property| property.key() == key)?;
        match self {
            Self::Unset => Wire::text(key),
            _ => Wire::of(property.value().as_value()),
        }
    }

    /// How the place is called in a difference.
    fn named(self, key: &str) -> String {
        match self {
            Self::Property => key.to_owned(),
            Self::Group => format!("in {key}"),
            Self::Context => format!("context {key}"),
            Self::Flag => format!("flag {key}"),
            Self::Set => format!("set {key}"),
            Self::SetOnce => format!("set_once {key}"),
            Self::Unset => "unset".to_owned(),
            Self::Anonymous => "anonymous id".to_owned(),
        }
    }
}

/// What an actor is, in words.
fn named(kind: ActorKind) -> String {
    match kind {
        ActorKind::User => "a user".to_owned(),
        ActorKind::Anonymous => "anonymous".to_owned(),
        ActorKind::Session => "a session".to_owned(),
        ActorKind::Service => "a service".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn group(record: &OwnedRecord) -> Option<&str> {
    match record.action() {
        OwnedAction::GroupIdentify { group, .. } => Some(group),
        _ => None,
    }
}

fn anonymous(record: &OwnedRecord) -> Option<&str> {
    match record.action() {
        OwnedAction::Identify { anonymous, .. } => anonymous.as_deref(),
        OwnedAction::Alias { anonymous, .. } => Some(anonymous),
        _ => None,
    }
}
