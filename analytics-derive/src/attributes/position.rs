//! The positions in which `#[event(...)]` can stand, and what may be said there.

use crate::suggest::{closest, listed};

/// A position for `#[event(...)]`.
pub(crate) struct AttributePosition {
    /// As in "`skip` cannot stand on {name}".
    name: &'static str,
    allowed: &'static [&'static str],
    /// What to do with a setting that exists but does not belong here.
    advice: &'static str,
}

const EVERY: &[&str] = &[
    "name", "verbatim", "names", "crate", "critical", "lane", "rename", "skip", "with", "display", "flatten", "prefix",
    "unit", "privacy",
];

impl AttributePosition {
    pub(crate) const EVENT_STRUCT: Self = Self {
        name: "an event",
        allowed: &["name", "verbatim", "critical", "lane", "crate"],
        advice: "what concerns one property stands on its field",
    };
    pub(crate) const EVENT_ENUM: Self = Self {
        name: "an enum of events",
        allowed: &["names", "critical", "lane", "crate"],
        advice: "each variant has its own name, `#[event(name = \"order_placed\")]`",
    };
    pub(crate) const EVENT_VARIANT: Self = Self {
        name: "a variant",
        allowed: &["name", "verbatim", "critical", "lane"],
        advice: "`crate` stands on the enum, what concerns one property on its field",
    };
    pub(crate) const WRAPPING_STRUCT: Self = Self {
        name: "a struct that wraps an event",
        allowed: &["crate"],
        advice: "the event inside says it; an event of its own has named fields",
    };
    pub(crate) const WRAPPING_VARIANT: Self = Self {
        name: "a variant that wraps an event",
        allowed: &[],
        advice: "the event inside says it; an event of its own has named fields",
    };
    pub(crate) const WRAPPED_FIELD: Self =
        Self { name: "what is wrapped", allowed: &[], advice: "it is sent as it is" };
    pub(crate) const FIELD: Self = Self {
        name: "a field",
        allowed: &["rename", "skip", "with", "display", "flatten", "prefix", "unit", "privacy"],
        advice: "a field's key is set by `rename`, and the rest stands on the type or variant",
    };
    pub(crate) const PROPERTIES: Self = Self {
        name: "a set of properties",
        allowed: &["crate"],
        advice: "an event derives `Event`, and what concerns one property stands on its field",
    };
    pub(crate) const VALUE: Self = Self {
        name: "a property value",
        allowed: &["crate"],
        advice: "an event derives `Event`, and what concerns one property stands on the event's field",
    };
    pub(crate) const VALUE_VARIANT: Self = Self {
        name: "a variant of a property value",
        allowed: &["rename"],
        advice: "its string is set by `rename = \"...\"`",
    };

    /// Whether `setting` may be given here.
    pub(crate) fn allows(&self, setting: &str) -> bool {
        self.allowed.contains(&setting)
    }

    /// What to write in place of a value that stands alone.
    pub(crate) fn refusal_of_literal(&self, literal: &str) -> String {
        let setting = ["name", "rename"].into_iter().find(|setting| self.allows(setting));
        match setting {
            Some(setting) => format!("{literal} stands alone: write `#[event({setting} = {literal})]`"),
            None => format!("{literal} stands alone, and {} takes no name: {}", self.name, self.advice),
        }
    }

    /// What to write in place of `#[event]`.
    pub(crate) fn refusal_of_nothing(&self) -> String {
        match self.allowed {
            [] => format!("`#[event]` says nothing, and nothing is to be said of {}: remove it", self.name),
            [first, ..] if ["name", "rename", "crate"].contains(first) => {
                format!("`#[event]` says nothing: write `#[event({first} = \"...\")]`, or remove it")
            }
            allowed => format!("`#[event]` says nothing: known on {} is {}", self.name, listed(allowed)),
        }
    }

    /// Why `setting` may not be given here, and what to write instead.
    pub(crate) fn refusal(&self, setting: &str) -> String {
        let Self { name, allowed, .. } = self;
        let advice = match setting {
            "rename" if self.allows("name") => "an event's name is written `name = \"order_placed\"`",
            "names" if self.allows("verbatim") => "write `verbatim`, which is for this name alone",
            "verbatim" if self.allows("names") => "write `names = \"verbatim\"`, which is for all of its names",
            _ => self.advice,
        };
        if EVERY.contains(&setting) {
            return format!("`{setting}` cannot stand on {name}: {advice}");
        }
        let known = listed(allowed);
        match closest(setting, allowed) {
            Some(close) => format!("unknown attribute: did you mean `{close}`? Known on {name}: {known}"),
            None => format!("unknown attribute; known on {name}: {known}"),
        }
    }
}
