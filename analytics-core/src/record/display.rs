//! The one form in which a record is shown to people: `u1 copilot_tool_called tool_name=search`.

use std::fmt;

use analytics_rules::display::OneLine;

use super::{Action, PersonUpdate, Record};
use crate::actor::ActorKind;
use crate::property::{Property, PropertyVisitor};

impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = self.actor();
        let who = OneLine::new(&actor);
        match self.action() {
            Action::Track { name, .. } => write!(f, "{who} {}", OneLine::new(&name))?,
            Action::Identify { anonymous: None } => write!(f, "{who} identify")?,
            Action::Identify { anonymous: Some(id) } => write!(f, "{who} identify from {}", OneLine::new(&id))?,
            Action::Alias { anonymous } => write!(f, "{who} alias {}", OneLine::new(&anonymous))?,
            Action::GroupIdentify { kind, group } if actor.kind() == ActorKind::Group => {
                write!(f, "{}:{} group_identify", OneLine::new(&kind), OneLine::new(&group))?;
            }
            Action::GroupIdentify { kind, group } => {
                write!(f, "{who} group_identify {}:{}", OneLine::new(&kind), OneLine::new(&group))?;
            }
        }
        let mut pairs = Pairs { f, heading: "", result: Ok(()) };
        self.visit_properties(&mut pairs);
        for (heading, what) in
            [(" set", PersonUpdate::Set), (" set_once", PersonUpdate::SetOnce), (" unset", PersonUpdate::Unset)]
        {
            pairs.heading = heading;
            self.visit_person(what, &mut pairs);
        }
        pairs.heading = " in";
        self.visit_groups(&mut pairs);
        pairs.heading = " context";
        self.visit_context(&mut pairs);
        pairs.heading = " flags";
        self.visit_flags(&mut pairs);
        pairs.result
    }
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Writes ` key=value` for each property, the first one after a heading.
struct Pairs<'v, 'f> {
    f: &'v mut fmt::Formatter<'f>,
    heading: &'static str,
    result: fmt::Result,
}

impl PropertyVisitor for Pairs<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        if self.result.is_err() {
            return;
        }
        let heading = std::mem::take(&mut self.heading);
        let key = property.key();
        let key = OneLine::new(&key);
        self.result = if matches!(property.value(), crate::property::Value::Null) {
            write!(self.f, "{heading} {key}")
        } else {
            write!(self.f, "{heading} {key}={}", property.value())
        };
    }
}
