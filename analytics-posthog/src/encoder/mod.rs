//! A record in PostHog's JSON.

mod distinct_id;
mod lifted;
mod properties;

use analytics_core::json::{Limits, PropertyWriter, write_display, write_string, write_time};
use analytics_core::{
    Action, Actor, ActorKind, DropReason, EventId, Key, PersonUpdate, PropertyVisitor, Record, Value,
};
use analytics_delivery::{Encoded, Encoder, Route};

use self::properties::{Overrides, Own};
use crate::Protocol;
use crate::config::{PersonProfiles, PostHogConfig};

/// What PostHog's queue adds to an event's JSON, roughly.
const MESSAGE_OVERHEAD: usize = 500;

/// Events that PostHog always drops, and a request with nothing else it refuses.
const DROPPED_NAMES: [&str; 1] = ["$performance_event"];

#[derive(Debug)]
pub(crate) struct PostHogEncoder {
    protocol: Protocol,
    limits: Limits,
    disable_geoip: bool,
    person_profiles: PersonProfiles,
    historical: bool,
}

impl PostHogEncoder {
    pub(crate) fn new(config: &PostHogConfig) -> Self {
        Self {
            protocol: config.protocol,
            limits: config.limits,
            disable_geoip: config.disable_geoip,
            person_profiles: config.person_profiles,
            historical: config.historical,
        }
    }
}

impl Encoder for PostHogEncoder {
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, DropReason> {
        let action = record.action();
        check(&action, &record.actor())?;
        write_head(record, &action, out);
        let mut overrides = Overrides::default();
        let dropped = self.write_properties(record, &action, &mut overrides, out)?;
        out.push(b'}');
        overrides.lifted.write(out);
        out.push(b'}');
        if is_too_heavy(out, self.limits.bytes) { Err(DropReason::TooLarge) } else { Ok(Encoded::without(dropped)) }
    }

    fn event_id(&self, event: &[u8]) -> Option<EventId> {
        str::from_utf8(uuid_of(event)).ok()?.parse().ok()
    }

    fn route(&self, record: &Record<'_>) -> Route {
        let route = Route::of(record).with_wire_format(self.protocol.wire_format());
        if self.historical { route.historical() } else { route }
    }
}

/// The uuid in an event's JSON, which stands where [`write_head`] put it; empty if this is no event.
pub(crate) fn uuid_of(event: &[u8]) -> &[u8] {
    event.get(9..45).unwrap_or_default()
}

/// Whether an event is over the limit where PostHog measures it: its JSON becomes a string inside another JSON
/// object, in which every quote and every backslash takes one byte more. At most that doubles it, so that few events
/// have to be looked through.
fn is_too_heavy(json: &[u8], limit: usize) -> bool {
    let Some(left) = limit.checked_sub(json.len() + MESSAGE_OVERHEAD) else { return true };
    left < json.len() && json.iter().filter(|byte| matches!(byte, b'"' | b'\\')).count() > left
}

/// Refuses what costs a whole batch later, or vanishes after a 200.
fn check(action: &Action<'_>, actor: &Actor<'_>) -> Result<(), DropReason> {
    let is_legal = match action {
        Action::Track { name, .. } if DROPPED_NAMES.contains(name) => return Err(DropReason::InvalidName),
        Action::Track { name, .. } if name.trim().is_empty() => return Err(DropReason::InvalidName),
        Action::Identify { anonymous: Some(id), .. } | Action::Alias { anonymous: id, .. } => {
            distinct_id::can_be_merged(id) && distinct_id::can_be_merged(&actor.id())
        }
        Action::GroupIdentify { kind, .. } => return distinct_id::check_group(kind, &actor.id()),
        _ => true,
    };
    if is_legal && distinct_id::is_legal(actor) { Ok(()) } else { Err(DropReason::InvalidActor) }
}

/// Everything before the first property. The uuid is the first field, so that it can be found without parsing.
fn write_head(record: &Record<'_>, action: &Action<'_>, out: &mut Vec<u8>) {
    let actor = record.actor();
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
    match (action, actor.id().parts()) {
        // The id that PostHog's own libraries give a group's event.
        (Action::GroupIdentify { kind, .. }, (_, id)) => write_string(out, &format!("${kind}_{id}")),
        (_, ("", id)) => write_string(out, id),
        // Writing a prefix and a string cannot fail.
        _ => write_display(out, &actor.id()).unwrap_or_default(),
    }
    out.extend_from_slice(b",\"timestamp\":\"");
    write_time(out, record.at());
    out.extend_from_slice(b"\",\"properties\":{");
}

impl PostHogEncoder {
    /// The members of `properties`: the record's, then those that PostHog wants.
    fn write_properties(
        &self,
        record: &Record<'_>,
        action: &Action<'_>,
        overrides: &mut Overrides,
        out: &mut Vec<u8>,
    ) -> Result<u32, DropReason> {
        let mut dropped = 0;
        let before = out.len();
        match action {
            Action::GroupIdentify { kind, .. } => {
                let mut writer = PropertyWriter::new(out, &self.limits, true);
                writer.value(const { &Key::literal("$group_type") }, Value::Str(kind));
                writer.value(const { &Key::literal("$group_key") }, Value::Display(&record.actor()));
                dropped += writer.finish()?;
                let set = |visitor: &mut dyn PropertyVisitor| record.visit_properties(visitor);
                dropped += self.write_object(out, "$group_set", set)?;
            }
            action => {
                let inner = PropertyWriter::new(out, &self.limits, true);
                let mut writer = Own::new(inner, overrides, self.protocol);
                record.visit_properties(&mut writer);
                dropped += writer.finish()?;
                if let Action::Identify { anonymous: Some(id), .. } | Action::Alias { anonymous: id, .. } = action {
                    let key = if matches!(action, Action::Alias { .. }) { "alias" } else { "$anon_distinct_id" };
                    let mut writer = PropertyWriter::new(out, &self.limits, out.len() == before);
                    writer.value(&Key::new(key), id.value());
                    dropped += writer.finish()?;
                }
            }
        }
        let person = |what| move |visitor: &mut dyn PropertyVisitor| record.visit_person(what, visitor);
        let before_person = out.len();
        dropped += self.write_object(out, "$set", person(PersonUpdate::Set))?;
        dropped += self.write_object(out, "$set_once", person(PersonUpdate::SetOnce))?;
        properties::write_names(out, "$unset", out.len() == before, person(PersonUpdate::Unset));
        let updates_person = out.len() > before_person;
        dropped += self.write_object(out, "$groups", |visitor| record.visit_groups(visitor))?;
        let is_personless = self.is_personless(record, action, updates_person);
        self.write_own(is_personless, overrides, out.len() == before, out);
        Ok(dropped)
    }

    /// `"key":{…}`, or nothing if there is nothing in it.
    fn write_object(
        &self,
        out: &mut Vec<u8>,
        key: &'static str,
        visit: impl FnOnce(&mut dyn PropertyVisitor),
    ) -> Result<u32, DropReason> {
        let first = out.last() == Some(&b'{');
        let mut writer = PropertyWriter::object(out, &self.limits, key, first);
        visit(&mut writer);
        writer.finish()
    }

    /// What every event of a server says about itself.
    fn write_own(&self, is_personless: bool, overrides: &mut Overrides, first: bool, out: &mut Vec<u8>) {
        let mut first = first;
        let mut write = |members: &str| {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.extend_from_slice(members.as_bytes());
        };
        // The newer protocol says it in a header.
        if self.protocol == Protocol::V0 {
            write(concat!("\"$lib\":\"analytics-posthog\",\"$lib_version\":\"", env!("CARGO_PKG_VERSION"), "\""));
        }
        if self.disable_geoip && !overrides.geoip {
            write("\"$geoip_disable\":true");
        }
        if !overrides.is_server {
            write("\"$is_server\":true");
        }
        if is_personless && !overrides.person_profile {
            match self.protocol {
                Protocol::V0 => write("\"$process_person_profile\":false"),
                Protocol::V1 => {
                    // A boolean can always be written.
                    let _: bool = overrides.lifted.option("process_person_profile", Value::Bool(false));
                }
            }
        }
    }
}

impl PostHogEncoder {
    /// Whether the event makes no person.
    fn is_personless(&self, record: &Record<'_>, action: &Action<'_>, updates_person: bool) -> bool {
        self.person_profiles == PersonProfiles::UsersOnly
            && matches!(action, Action::Track { .. })
            && record.actor().kind() != ActorKind::User
            && !updates_person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_weighed_with_its_quotes_and_backslashes_twice() {
        let json = br#"{"a":"\\"}"#;
        let weight = 10 + 6 + MESSAGE_OVERHEAD;
        assert!(is_too_heavy(json, weight - 1));
        assert!(!is_too_heavy(json, weight));
        assert!(
            !is_too_heavy(&[b'x'; 100], 100 + MESSAGE_OVERHEAD) && is_too_heavy(&[b'x'; 100], 99 + MESSAGE_OVERHEAD)
        );
    }
}
