//! The one form in which a record is shown to people: `u1 copilot_tool_called tool_name=search`.

use std::fmt;

use super::{Action, PersonUpdate, Record};
use crate::actor::ActorKind;
use crate::property::{Property, PropertyVisitor};

impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.action() {
            Action::Track { name, .. } => write!(f, "{} {}", Clean(&self.actor()), Clean(&name))?,
            Action::Identify { anonymous: None } => write!(f, "{} identify", Clean(&self.actor()))?,
            Action::Identify { anonymous: Some(id) } => {
                write!(f, "{} identify from {}", Clean(&self.actor()), Clean(&id))?;
            }
            Action::Alias { anonymous } => write!(f, "{} link {}", Clean(&self.actor()), Clean(&anonymous))?,
            Action::GroupIdentify { kind, group } if self.actor().kind() == ActorKind::Group => {
                write!(f, "{}:{} group_identify", Clean(&kind), Clean(&group))?;
            }
            Action::GroupIdentify { kind, group } => {
                write!(f, "{} group_identify {}:{}", Clean(&self.actor()), Clean(&kind), Clean(&group))?;
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
        let key = Clean(property.key());
        self.result = if matches!(property.value(), crate::property::Value::Null) {
            write!(self.f, "{heading} {key}")
        } else {
            write!(self.f, "{heading} {key}={}", property.value())
        };
    }
}

/// Shows control characters as escapes, so that nothing that is shown can break a line or colour a terminal.
struct Clean<'v>(&'v dyn fmt::Display);

impl fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for character in self.0.to_string().chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}
