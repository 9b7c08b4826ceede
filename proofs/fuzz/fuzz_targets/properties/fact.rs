//! What is tracked.

use std::time::SystemTime;

use analytics_core::{Actor, Analytics, DistinctId, Event, EventDescription, Properties, PropertyVisitor};
use arbitrary::{Arbitrary, Result, Unstructured};

use crate::lists::several;
use crate::text::Text;
use crate::tree::{Members, Tree, moment};

/// One fact, and the scope that it is told in.
#[derive(Debug)]
pub struct Input {
    pub scope: Vec<(Text, Tree)>,
    pub id: Text,
    pub fact: Fact,
}

/// What is told.
#[derive(Debug)]
pub enum Fact {
    Event(Happened),
    Identify { anonymous: Option<Text>, set: Members, set_once: Members, unset: Vec<Text> },
    Link { anonymous: Text },
    Group { kind: Text, traits: Members },
}

/// An event and what its call says besides.
#[derive(Debug)]
pub struct Happened {
    pub by: By,
    pub at: SystemTime,
    pub event: Named,
    pub properties: Vec<(Text, Tree)>,
    pub groups: Vec<(Text, Text)>,
    pub set: Vec<(Text, Tree)>,
    pub set_once: Vec<(Text, Tree)>,
    pub unset: Vec<Text>,
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
pub enum By {
    User,
    Anonymous,
    Session,
    Service,
}

/// An event as a type of the caller's has it.
#[derive(Debug)]
pub struct Named {
    pub name: Text,
    pub members: Members,
}

impl Properties for Named {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        self.members.visit_properties(visitor);
    }
}

impl Event for Named {
    fn name(&self) -> &str {
        &self.name.0
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let fact = match u.int_in_range(0..=7)? {
            0 => Fact::Identify {
                anonymous: u.arbitrary()?,
                set: u.arbitrary()?,
                set_once: u.arbitrary()?,
                unset: several(u, |u| u.arbitrary())?,
            },
            1 => Fact::Link { anonymous: u.arbitrary()? },
            2 => Fact::Group { kind: u.arbitrary()?, traits: u.arbitrary()? },
            _ => Fact::Event(Happened {
                by: u.arbitrary()?,
                at: moment(u)?,
                event: Named { name: u.arbitrary()?, members: u.arbitrary()? },
                properties: several(u, pair)?,
                groups: several(u, |u| Ok((u.arbitrary()?, u.arbitrary()?)))?,
                set: several(u, pair)?,
                set_once: several(u, pair)?,
                unset: several(u, |u| u.arbitrary())?,
            }),
        };
        Ok(Self { id: u.arbitrary()?, scope: several(u, pair)?, fact })
    }
}

fn pair(u: &mut Unstructured<'_>) -> Result<(Text, Tree)> {
    Ok((u.arbitrary()?, u.arbitrary()?))
}

impl Input {
    /// Tells it.
    pub fn track(&self, analytics: &Analytics) {
        let scoped = self.scope.iter().fold(analytics.clone(), |scope, (key, value)| scope.with(&key.0, value));
        let id = self.id.0.as_str();
        match &self.fact {
            Fact::Event(happened) => happened.track(&scoped, id),
            Fact::Identify { anonymous, set, set_once, unset } => {
                let mut identify = scoped.identify(id).set(set).set_once(set_once);
                if let Some(anonymous) = anonymous {
                    identify = identify.from_anonymous(&anonymous.0);
                }
                identify.unset(unset.iter().map(|key| key.0.as_str())).track();
            }
            Fact::Link { anonymous } => drop(scoped.alias(&anonymous.0).to_user(id).track()),
            Fact::Group { kind, traits } => drop(scoped.group_identify(&kind.0, id).set(traits).track()),
        }
    }
}

impl Happened {
    /// Whose event it is.
    pub fn actor<'a>(&self, id: impl Into<DistinctId<'a>>) -> Actor<'a> {
        match self.by {
            By::User => Actor::user(id),
            By::Anonymous => Actor::anonymous(id),
            By::Session => Actor::session(id),
            By::Service => Actor::service(id),
        }
    }

    fn track(&self, analytics: &Analytics, id: &str) {
        let mut call = analytics.event(self.actor(id), &self.event).at(self.at);
        for (key, value) in &self.properties {
            call = call.property(&key.0, value);
        }
        for (kind, id) in &self.groups {
            call = call.in_group(&kind.0, &id.0);
        }
        for (key, value) in &self.set {
            call = call.set_person(&key.0, value);
        }
        for (key, value) in &self.set_once {
            call = call.set_person_once(&key.0, value);
        }
        for key in &self.unset {
            call = call.unset_person(&key.0);
        }
        call.track();
    }
}
