//! [`PostHogEncoder`].

use analytics_core::json::{ObjectWriter, write_comma, write_display, write_string, write_time};
use analytics_core::{
    Action, Actor, ActorKind, Encoded, EventId, Key, LeftOut, OwnedProperty, PersonUpdate, Property, PropertyVisitor,
    Record, RecordPart, Refusal, Value,
};
use analytics_rules::posthog::{ALIAS_KEY, ignores_person_updates};

use crate::config::{EncoderConfig, PersonProfiles};
use crate::context::{self, ContextWriter};
use crate::group::{self, Linked};
use crate::properties::{Alias, Overrides, OwnProperties};
use crate::protocol::Protocol;
use crate::standard::Spelling;
use crate::{actor, lane, names, person, weight};

/// Under this name PostHog knows the library.
pub const LIBRARY: &str = "analytics-posthog";
/// The library's version.
pub const LIBRARY_VERSION: &str = env!("CARGO_PKG_VERSION");
/// Both, as the headers of a request name them: `name/version`.
pub const SDK: &str = concat!("analytics-posthog/", env!("CARGO_PKG_VERSION"));

/// Writes records in PostHog's JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct PostHogEncoder {
    config: EncoderConfig,
}

impl PostHogEncoder {
    /// An encoder with these settings.
    #[must_use]
    pub const fn new(config: EncoderConfig) -> Self {
        Self { config }
    }

    /// Appends the event to `out`, which is empty.
    ///
    /// What an event that was made by hand says under `$set`, `$set_once`, `$unset` and `$groups` is written as what it
    /// means. A property that is the envelope's or the backend's, or that is not of the kind that PostHog reads there,
    /// is left out; so is what is said about a person where PostHog keeps none.
    ///
    /// # Errors
    /// If the actor's id is nobody's, the name is that of an event which another method makes, or the event is over a
    /// limit.
    pub fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
        let (lane, spelling) = (record.lane(), record.standard_event().and_then(Spelling::of));
        let mut action = record.action();
        if let (Action::Track { name, .. }, Some(spelling)) = (&mut action, spelling) {
            *name = spelling.name;
        }
        let who = record.actor();
        actor::check(&action, &who)?;
        if let Action::Track { name, .. } = &action {
            lane::check_name(lane, name)?;
        }
        let config = lane::config_of(lane, &self.config);
        write_head(record, &action, out);
        let left_out = Vec::new();
        let mut event = Event { config: &config, record, action: &action, spelling, who: &who, left_out, out };
        let (overrides, is_personless) = event.write_properties()?;
        let left_out = event.left_out;
        out.push(b'}');
        if config.protocol == Protocol::V1 {
            overrides.lifted.write(out);
        }
        out.push(b'}');
        weight::check(lane, out, config.limits.bytes)?;
        // Of what changes persons the last to arrive holds; nothing else depends on an event's place.
        let encoded = Encoded::without(left_out);
        Ok(if is_personless { encoded.in_any_order() } else { encoded })
    }

    /// The id in an event that an encoder wrote; `None` if it is no such event.
    #[must_use]
    pub fn event_id(event: &[u8]) -> Option<EventId> {
        str::from_utf8(uuid_of(event)).ok()?.parse().ok()
    }
}

/// The uuid in an event's JSON, which is its first member; empty if this is no event.
#[must_use]
pub fn uuid_of(event: &[u8]) -> &[u8] {
    event.get(9..45).unwrap_or_default()
}

/// Everything before the first property. The uuid is the first field, so that it can be found without parsing.
fn write_head(record: &Record<'_>, action: &Action<'_>, out: &mut Vec<u8>) {
    let who = record.actor();
    out.extend_from_slice(b"{\"uuid\":\"");
    out.extend_from_slice(&record.id().hyphenated());
    out.extend_from_slice(b"\",\"event\":");
    match action {
        Action::Track { name, .. } => write_string(out, name),
        Action::Identify { .. } => write_string(out, "$identify"),
        Action::Alias { .. } => write_string(out, "$create_alias"),
        Action::GroupIdentify { .. } => write_string(out, "$groupidentify"),
        _ => write_string(out, "$set"),
    }
    out.extend_from_slice(b",\"distinct_id\":");
    match (action, who.id().parts()) {
        // The id that PostHog's own libraries give a group's event where nobody is named.
        (Action::GroupIdentify { kind, group, .. }, _) if who.kind() == ActorKind::Group => {
            write_string(out, &format!("${kind}_{group}"));
        }
        (_, ("", id)) => write_string(out, id),
        // Writing a prefix and a string cannot fail.
        _ => write_display(out, &who.id()).unwrap_or_default(),
    }
    out.extend_from_slice(b",\"timestamp\":\"");
    write_time(out, record.at());
    out.extend_from_slice(b"\",\"properties\":{");
}

/// One event, while its properties are written.
struct Event<'e, 'o> {
    config: &'e EncoderConfig,
    record: &'e Record<'e>,
    action: &'e Action<'e>,
    spelling: Option<&'static Spelling>,
    who: &'e Actor<'e>,
    left_out: Vec<LeftOut>,
    out: &'o mut Vec<u8>,
}

impl Event<'_, '_> {
    /// The members of `properties`: the record's, then those that PostHog wants. Tells whether the event makes no
    /// person and changes none.
    fn write_properties(&mut self) -> Result<(Overrides, bool), Refusal> {
        let mut overrides = Overrides::default();
        let record = self.record;
        match self.action {
            Action::GroupIdentify { kind, group, .. } => {
                self.write(|writer| {
                    writer.value(const { &Key::literal("$group_type") }, Value::Str(kind));
                    writer.value(const { &Key::literal("$group_key") }, group.value());
                })?;
                self.write_object("$group_set", RecordPart::Event, &[], |visitor| record.visit_properties(visitor))?;
            }
            action => {
                let alias = Alias::of(action);
                let inner = ObjectWriter::members(self.out, &self.config.limits);
                let writer = OwnProperties::new(inner, &mut overrides, self.config.protocol, alias, self.spelling);
                let mut writer = writer.without_person(actor::unknown(self.who));
                record.visit_properties(&mut writer);
                let left_out = writer.finish()?;
                match self.spelling {
                    None => self.left_out.extend(left_out),
                    Some(spelling) => self.left_out.extend(left_out.into_iter().map(|loss| spelling.own(loss))),
                }
                if let Action::Identify { anonymous: Some(id), .. } | Action::Alias { anonymous: id, .. } = action {
                    let key = if alias == Alias::OtherId { ALIAS_KEY } else { "$anon_distinct_id" };
                    self.write(|writer| writer.value(&Key::new(key), id.value()))?;
                }
            }
        }
        if !matches!(self.action, Action::GroupIdentify { .. }) {
            if record.has_context() {
                self.write_context(&mut overrides)?;
            }
            overrides.cookieless.check()?;
        }
        let updates_person = self.write_person(&overrides)?;
        self.write_groups(&overrides)?;
        self.write_sampling(&overrides)?;
        let is_personless = self.is_personless(updates_person);
        self.write_own(is_personless, &mut overrides);
        let stays_personless = is_personless && !overrides.person_profile;
        Ok((overrides, stays_personless))
    }

    /// The circumstances in which it happened, and the flags.
    fn write_context(&mut self, overrides: &mut Overrides) -> Result<(), Refusal> {
        let (record, protocol) = (self.record, self.config.protocol);
        let Overrides { own_context: own, lifted, geoip, cookieless, .. } = overrides;
        self.write(|inner| {
            let mut writer = ContextWriter { inner, own, lifted, cookieless, protocol, has_ip: false };
            record.visit_context(&mut writer);
            *geoip |= writer.has_ip;
        })?;
        context::write_flags(record, own, self.out);
        Ok(())
    }

    /// What changes about the actor's person, if anything does and PostHog keeps one; tells whether it was written.
    fn write_person(&mut self, overrides: &Overrides) -> Result<bool, Refusal> {
        let (record, mapped) = (self.record, &overrides.mapped);
        if let Some(why) = self.ignores_person() {
            if person::is_updated(record) {
                self.left_out.push(LeftOut::new("$set", why).of(RecordPart::WholePerson));
            }
            self.left_out.extend(mapped.person_keys().map(|key| LeftOut::new(key, why)));
            return Ok(false);
        }
        let before = self.out.len();
        for (key, what) in [("$set", PersonUpdate::Set), ("$set_once", PersonUpdate::SetOnce)] {
            let part = RecordPart::Person;
            self.write_object(key, part, mapped.person(what), |visitor| record.visit_person(what, visitor))?;
        }
        names::write(self.out, "$unset", &mapped.unset, |visitor| {
            record.visit_person(PersonUpdate::Unset, visitor);
        });
        Ok(self.out.len() > before)
    }

    /// Why PostHog would not change a person for this event; `None` if it would.
    fn ignores_person(&self) -> Option<&'static str> {
        match self.action {
            Action::Track { name, .. } if ignores_person_updates(name) => {
                Some("PostHog ignores a person's updates in this event: use `analytics.identify(user_id)`")
            }
            Action::Track { .. } => actor::unknown(self.who).or_else(|| {
                let is_kept = actor::can_have_person(self.who);
                (!is_kept).then_some("PostHog keeps no person under this actor's id")
            }),
            _ => None,
        }
    }

    fn write_groups(&mut self, overrides: &Overrides) -> Result<(), Refusal> {
        let record = self.record;
        let mut refused = Vec::new();
        let visit = |visitor: &mut dyn PropertyVisitor| {
            record.visit_groups(&mut Linked { inner: visitor, left_out: &mut refused });
        };
        let mut of_property = Vec::new();
        let groups = &overrides.mapped.groups;
        let mapped = if groups.is_empty() { Vec::new() } else { group::linked(groups, &mut of_property) };
        self.write_object("$groups", RecordPart::Groups, &mapped, visit)?;
        if !refused.is_empty() || !of_property.is_empty() {
            let refused = refused.into_iter().map(|group| group.of(RecordPart::Groups));
            self.left_out.extend(refused.chain(of_property.into_iter().map(|group| group.inside("$groups"))));
        }
        Ok(())
    }

    /// Which share of the actors is sent, as posthog-js says it of its `sampleByDistinctId`: the share that is kept.
    fn write_sampling(&mut self, overrides: &Overrides) -> Result<(), Refusal> {
        let Some(rate) = self.record.sampling_rate().filter(|_| !overrides.sampling) else { return Ok(()) };
        self.write(|writer| {
            writer.value(const { &Key::literal("$sample_type") }, Value::List(&["sampleByDistinctId"]));
            writer.value(const { &Key::literal("$sample_threshold") }, Value::F64(rate));
        })
    }

    /// Members of `properties`.
    fn write(&mut self, write: impl FnOnce(&mut ObjectWriter<'_>)) -> Result<(), Refusal> {
        let mut writer = ObjectWriter::members(self.out, &self.config.limits);
        write(&mut writer);
        self.left_out.append(&mut writer.finish()?);
        Ok(())
    }

    /// `"key":{…}` with what is visited and then what of `more` has a key of its own; nothing if there is nothing in
    /// it.
    fn write_object(
        &mut self,
        key: &'static str,
        part: RecordPart,
        more: &[OwnedProperty],
        visit: impl FnOnce(&mut dyn PropertyVisitor),
    ) -> Result<(), Refusal> {
        let mut writer = ObjectWriter::nested(self.out, &self.config.limits, key);
        let mut of_calls = Vec::new();
        if more.is_empty() {
            visit(&mut writer);
        } else {
            visit(&mut NotingKeys { inner: &mut writer, keys: &mut of_calls });
            for property in more.iter().filter(|property| !of_calls.iter().any(|key| key == property.key())) {
                writer.value(&Key::new(property.key()), property.value().as_value());
            }
        }
        let left_out = writer.finish()?;
        // Of most events nothing is.
        if !left_out.is_empty() {
            let is_member = |property: &LeftOut| !more.is_empty() && !of_calls.iter().any(|key| key == property.key());
            let told = |property: LeftOut| {
                if is_member(&property) { property.inside(key) } else { property.of(part) }
            };
            self.left_out.extend(left_out.into_iter().map(told));
        }
        Ok(())
    }

    /// What every event of a server says about itself.
    fn write_own(&mut self, is_personless: bool, overrides: &mut Overrides) {
        let out = &mut *self.out;
        let mut write = |members: &str| {
            write_comma(out);
            out.extend_from_slice(members.as_bytes());
        };
        // v1 says it in a header.
        if self.config.protocol == Protocol::V0 {
            write(concat!("\"$lib\":\"analytics-posthog\",\"$lib_version\":\"", env!("CARGO_PKG_VERSION"), "\""));
        }
        if !self.config.keep_geoip && !overrides.geoip {
            write("\"$geoip_disable\":true");
        }
        if !overrides.is_server {
            write("\"$is_server\":true");
        }
        if is_personless && !overrides.person_profile {
            match self.config.protocol {
                Protocol::V0 => write("\"$process_person_profile\":false"),
                Protocol::V1 => {
                    // A boolean can always be written.
                    let _: bool = overrides.lifted.option("process_person_profile", Value::Bool(false));
                }
            }
        }
    }

    /// Whether the event makes no person. Under an id without a person v1 makes none and v0 would: neither does.
    fn is_personless(&self, updates_person: bool) -> bool {
        let makes_person = self.who.kind() == ActorKind::User
            || updates_person
            || self.config.person_profiles == PersonProfiles::Always && actor::can_have_person(self.who);
        matches!(self.action, Action::Track { .. }) && !makes_person
    }
}

/// Passes properties on and keeps their keys.
struct NotingKeys<'v, 'k> {
    inner: &'v mut dyn PropertyVisitor,
    keys: &'k mut Vec<String>,
}

impl PropertyVisitor for NotingKeys<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        self.keys.push(property.key().name().to_owned());
        self.inner.visit(property);
    }
}
