//! Properties that mean something to PostHog.

use std::borrow::Cow;

use analytics_core::json::{self, ObjectWriter};
use analytics_core::{Action, LeftOut, Property, PropertyVisitor, Refusal, Value};
use analytics_rules::posthog::{ALIAS_KEY, instead_of_key};

use crate::context::OwnContext;
use crate::cookieless::Cookieless;
use crate::group;
use crate::lifted::{Lifted, MAX_TEXT_BYTES};
use crate::person::{self, Mapped};
use crate::protocol::Protocol;
use crate::standard::Spelling;
use crate::value_kind::ValueKind;

/// What the record says itself, so that the encoder does not say it again.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own, and any of them may be there")]
pub(crate) struct Overrides {
    /// An address of its own, or a switch.
    pub(crate) geoip: bool,
    pub(crate) is_server: bool,
    pub(crate) person_profile: bool,
    /// A sample that somebody else took.
    pub(crate) sampling: bool,
    /// Circumstances and flags.
    pub(crate) own_context: OwnContext,
    /// What v1 has places for beside the properties.
    pub(crate) lifted: Lifted,
    /// What has calls of its own.
    pub(crate) mapped: Mapped,
    pub(crate) cookieless: Cookieless,
}

/// Writes the record's own properties, and leaves out those that would break more than themselves.
pub(crate) struct OwnProperties<'w, 'o> {
    inner: ObjectWriter<'w>,
    overrides: &'o mut Overrides,
    protocol: Protocol,
    alias: Alias,
    spelling: Option<&'static Spelling>,
    /// A bit for each of the spelled properties that the event has.
    spelled: u64,
    /// Why the event may make no person, whatever it says.
    no_person: Option<&'static str>,
}

/// What a property [`ALIAS_KEY`] means in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alias {
    /// It names the other id.
    OtherId,
    /// PostHog drops the event unless it is a text.
    Text,
    /// Nothing.
    Free,
}

impl Alias {
    pub(crate) fn of(action: &Action<'_>) -> Self {
        match action {
            Action::Alias { .. } => Self::OtherId,
            Action::Identify { .. } => Self::Text,
            _ => Self::Free,
        }
    }
}

/// What becomes of a property.
enum PropertyOutcome {
    Written,
    /// It was written elsewhere, or will be.
    Elsewhere,
    LeftOut(Cow<'static, str>),
}

impl<'w, 'o> OwnProperties<'w, 'o> {
    pub(crate) fn new(
        inner: ObjectWriter<'w>,
        overrides: &'o mut Overrides,
        protocol: Protocol,
        alias: Alias,
        spelling: Option<&'static Spelling>,
    ) -> Self {
        Self { inner, overrides, protocol, alias, spelling, spelled: 0, no_person: None }
    }

    /// The same for an event that may make no person, and why.
    pub(crate) fn without_person(mut self, why: Option<&'static str>) -> Self {
        self.no_person = why;
        self
    }

    /// Writes a property of a standard event under PostHog's key for it; tells whether it is dealt with. One that was
    /// put there by hand, under that key, gives way to the event's own.
    fn spell(&mut self, spelling: &Spelling, property: &Property<'_>) -> bool {
        let name = property.key().name();
        let own = spelling.key(name);
        let Some(place) = own.map(|(place, _)| place).or_else(|| spelling.place(name)) else { return false };
        if self.spelled & (1 << place) != 0 {
            self.inner.leave_out(name, "the event says it itself");
            return true;
        }
        self.spelled |= 1 << place;
        if let Some((_, key)) = own {
            self.inner.visit(&Property::new(key, property.value()));
        }
        own.is_some()
    }

    pub(crate) fn finish(self) -> Result<Vec<LeftOut>, Refusal> {
        self.inner.finish()
    }

    fn fate(&mut self, key: &str, value: Value<'_>) -> PropertyOutcome {
        // A property without a value is none, whatever its key.
        if matches!(value, Value::Null) {
            return PropertyOutcome::Elsewhere;
        }
        self.overrides.cookieless.note(key, value);
        if key == "$process_person_profile"
            && let Some(why) = self.no_person
            && json::to_string(value).is_ok_and(|json| json == "true")
        {
            return PropertyOutcome::LeftOut(why.into());
        }
        self.overrides.sampling |= matches!(key, "$sample_type" | "$sample_threshold");
        if key == ALIAS_KEY {
            return match self.alias {
                Alias::OtherId => PropertyOutcome::LeftOut("in this event PostHog takes it for the other id".into()),
                Alias::Text if ValueKind::of(value) != ValueKind::Text => {
                    PropertyOutcome::LeftOut("in this event PostHog takes a text there and nothing else".into())
                }
                Alias::Text | Alias::Free => PropertyOutcome::Written,
            };
        }
        if let Some(wanted) = Wanted::under(key) {
            return if wanted.is_met_by(value) {
                self.typed(key, value)
            } else {
                PropertyOutcome::LeftOut(wanted.refusal().into())
            };
        }
        match instead_of_key(key) {
            None => {
                self.overrides.own_context.note(key);
                PropertyOutcome::Written
            }
            Some(instead) if self.map(key, value) == Some(false) => {
                PropertyOutcome::LeftOut(format!("PostHog has another form for it: {instead}").into())
            }
            Some(instead) if !is_mapped(key) => PropertyOutcome::LeftOut(instead.into()),
            Some(_) => PropertyOutcome::Elsewhere,
        }
    }

    /// Keeps what a property says for which there are calls; `Some(false)` if it is not in the form that PostHog reads.
    fn map(&mut self, key: &str, value: Value<'_>) -> Option<bool> {
        let mapped = &mut self.overrides.mapped;
        let is_kept = match key {
            "$set" => value.members().map(|members| mapped.set = members).is_some(),
            "$set_once" => value.members().map(|members| mapped.set_once = members).is_some(),
            "$unset" => person::names(value).map(|names| mapped.unset = names).is_some(),
            "$groups" => group::of_property(value).map(|groups| mapped.groups = groups).is_some(),
            _ => return None,
        };
        Some(is_kept)
    }

    /// A property whose value is of the kind that PostHog takes there.
    fn typed(&mut self, key: &str, value: Value<'_>) -> PropertyOutcome {
        match key {
            // Where PostHog finds no address it fills in the connection's, the server's.
            "$ip" | "$geoip_disable" => self.overrides.geoip = true,
            "$is_server" => self.overrides.is_server = true,
            "$process_person_profile" => self.overrides.person_profile = true,
            _ => {}
        }
        self.overrides.own_context.note(key);
        if self.protocol == Protocol::V0 {
            return PropertyOutcome::Written;
        }
        match self.overrides.lifted.take(key, value) {
            None => PropertyOutcome::Written,
            Some(true) => PropertyOutcome::Elsewhere,
            Some(false) => PropertyOutcome::LeftOut("it is there already".into()),
        }
    }
}

/// Whether a text is no longer than an id may be.
fn is_short(text: Value<'_>) -> bool {
    match text {
        Value::Str(text) => text.len() <= MAX_TEXT_BYTES,
        other => json::to_string(other).is_ok_and(|json| json.len() <= MAX_TEXT_BYTES),
    }
}

/// Keys for whose meaning there are calls.
fn is_mapped(key: &str) -> bool {
    matches!(key, "$set" | "$set_once" | "$unset" | "$groups")
}

/// What PostHog wants under a key. Something else costs the whole request, the event, or its session, without a word.
#[derive(Clone, Copy)]
enum Wanted {
    Boolean,
    Text,
    TextOrInteger,
}

impl Wanted {
    fn under(key: &str) -> Option<Self> {
        Some(match key {
            "$cookieless_mode" | "$geoip_disable" | "$ignore_sent_at" | "$is_server" | "$process_person_profile" => {
                Self::Boolean
            }
            "$ip" | "$session_id" | "$window_id" => Self::Text,
            "$product_tour_id" => Self::TextOrInteger,
            _ => return None,
        })
    }

    fn is_met_by(self, value: Value<'_>) -> bool {
        match (self, ValueKind::of(value)) {
            (Self::Boolean, ValueKind::Boolean) | (Self::TextOrInteger, ValueKind::Integer) => true,
            (Self::Text | Self::TextOrInteger, ValueKind::Text) => is_short(value),
            _ => false,
        }
    }

    const fn refusal(self) -> &'static str {
        match self {
            Self::Boolean => "PostHog takes a boolean there and nothing else",
            Self::Text => "PostHog takes a text there that is not blank and no longer than an id",
            Self::TextOrInteger => "PostHog takes a text there no longer than an id, or a whole number",
        }
    }
}

impl PropertyVisitor for OwnProperties<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        if let Some(spelling) = self.spelling
            && self.spell(spelling, property)
        {
            return;
        }
        let key = property.key().name();
        // Few keys begin with a letter that any special one begins with.
        let may_be_special = matches!(key.as_bytes().first(), Some(b'$' | b'a' | b'd' | b't'));
        let fate = if may_be_special { self.fate(key, property.value()) } else { PropertyOutcome::Written };
        match fate {
            PropertyOutcome::Written => self.inner.visit(property),
            PropertyOutcome::LeftOut(why) => self.inner.leave_out(key, why),
            PropertyOutcome::Elsewhere => {}
        }
    }
}
