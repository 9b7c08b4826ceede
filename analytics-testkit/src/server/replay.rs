//! What arrived, told to a sink once more.

use std::collections::HashSet;
use std::time::SystemTime;

use analytics_core::{
    Actor, Analytics, ContextKey, DynamicEvent, EventId, Flags, OwnedProperty, OwnedValue, TraceContext,
};
use analytics_inspector::ReceivedEvent;
use analytics_posthog_encoder::{ReadBack, standard_event, standard_key};

use super::json::Json;
use super::time;
use crate::clock::ManualClock;
use crate::recorded::Recorded;
use crate::recording::Recording;
use crate::sink::RecordingSink;

/// What the backend says about itself in every event.
const BACKENDS_OWN: [&str; 5] = ["$lib", "$lib_version", "$geoip_disable", "$is_server", PERSON_PROFILE];
const PERSON_PROFILE: &str = "$process_person_profile";
/// What is sent in place of an actor's id for a session.
const SESSION_PREFIX: &str = "anonymous_";

/// What arrived, each event once.
///
/// # Errors
/// An event that no sink is shown.
pub(super) fn replay(events: &[ReceivedEvent]) -> Result<Recorded, String> {
    let (sink, recorded) = RecordingSink::of(Recording::of_wire());
    let clock = ManualClock::default();
    let analytics = Analytics::with_clock(sink, clock.clone());
    let mut uuids = HashSet::new();
    for event in events.iter().filter(|event| event.uuid.as_ref().is_none_or(|uuid| uuids.insert(uuid))) {
        let at = event.timestamp.as_deref().and_then(time::parse);
        clock.set(at.unwrap_or_else(SystemTime::now));
        Arrived::read(event).tell(&analytics);
        let ledger = analytics.ledger();
        if let Some((reason, _)) = ledger.losses().next() {
            return Err(format!(
                "an event arrived that no assertion can see, since no sink takes it: {reason}\n    {event}"
            ));
        }
    }
    Ok(recorded)
}

/// An event taken apart.
struct Arrived<'a> {
    event: &'a ReceivedEvent,
    is_personless: bool,
    properties: Vec<OwnedProperty>,
    groups: Vec<OwnedProperty>,
    set: Vec<OwnedProperty>,
    set_once: Vec<OwnedProperty>,
    unset: Vec<String>,
    context: Vec<(ContextKey, String)>,
    flags: Flags,
}

impl<'a> Arrived<'a> {
    fn read(event: &'a ReceivedEvent) -> Self {
        // The server has read it before, so it is JSON.
        let json = serde_json::from_str(event.json()).map_or(OwnedValue::Null, |Json(json)| json);
        let mut body = members(Some(json));
        let mut properties = members(take(&mut body, "properties"));
        // Some clients tell about the person beside the properties.
        let mut person = |key| members(take(&mut properties, key).or_else(|| take(&mut body, key)));
        let (set, set_once) = (person("$set"), person("$set_once"));
        let unset = texts(take(&mut properties, "$unset").as_ref());
        let groups = members(take(&mut properties, "$groups"));
        let option = take(&mut members(take(&mut body, "options")), "process_person_profile");
        let profile = take(&mut properties, PERSON_PROFILE).or(option);
        // v1 has these beside the properties.
        for (key, spelled) in [("session_id", "$session_id"), ("window_id", "$window_id")] {
            properties.extend(take(&mut body, key).map(|value| OwnedProperty::new(spelled, value)));
        }
        let is_personless = profile == Some(OwnedValue::Bool(false));
        let (mut context, mut flags) = (Vec::new(), Flags::new());
        properties.retain(|property| match (ReadBack::of(property.key()), property.value()) {
            (Some(ReadBack::Context(key)), value) => {
                context.push((key, text(value)));
                false
            }
            (Some(ReadBack::Flag(key)), OwnedValue::Bool(value)) => {
                flags.insert(key, *value);
                false
            }
            (Some(ReadBack::Flag(key)), OwnedValue::Str(variant)) => {
                flags.insert(key, &**variant);
                false
            }
            (Some(ReadBack::ActiveFlags), _) => false,
            _ => !BACKENDS_OWN.contains(&property.key()),
        });
        Self { event, is_personless, properties, groups, set, set_once, unset, context, flags }
    }

    /// A handle in the circumstances of the event.
    fn in_context(&self, analytics: &Analytics) -> Analytics {
        let told = |key| self.context.iter().find(|(of, _)| *of == key).map(|(_, value)| value.as_str());
        let trace = || {
            let (trace_id, span_id) = (told(ContextKey::TraceId)?, told(ContextKey::SpanId)?);
            Some(TraceContext::new(trace_id.parse().ok()?, span_id.parse().ok()?))
        };
        let trace = trace();
        analytics.scoped(|scope| {
            for (key, value) in &self.context {
                match (key, value.parse()) {
                    (ContextKey::SessionId, _) => _ = scope.session(value),
                    (ContextKey::WindowId, _) => _ = scope.window(value),
                    (ContextKey::UserAgent, _) => _ = scope.user_agent(value),
                    (ContextKey::ClientIp, Ok(ip)) => _ = scope.client_ip(ip),
                    _ => {}
                }
            }
            if let Some(trace) = trace {
                scope.trace(trace);
            }
            scope.flags(&self.flags);
        })
    }

    fn tell(mut self, analytics: &Analytics) {
        let analytics = self
            .groups
            .iter()
            .fold(self.in_context(analytics), |analytics, group| analytics.in_group(group.key(), &text(group.value())));
        match &*self.event.event {
            "$identify" => self.identify(&analytics),
            "$create_alias" => match take(&mut self.properties, "alias") {
                Some(alias) => {
                    self.scope(&analytics).alias(&text(&alias)).to_user(&self.event.distinct_id).track();
                }
                None => self.track(&analytics),
            },
            "$groupidentify" => self.group_identify(&analytics),
            _ => self.track(&analytics),
        }
    }

    fn identify(mut self, analytics: &Analytics) {
        let anonymous = take(&mut self.properties, "$anon_distinct_id").map(|id| text(&id));
        let analytics = self.scope(analytics);
        let identify = analytics.identify(&self.event.distinct_id).set(&self.set).set_once(&self.set_once);
        let identify = identify.unset(self.unset.iter().map(String::as_str));
        match &anonymous {
            Some(id) => identify.from_anonymous(id).track(),
            None => identify.track(),
        };
    }

    fn group_identify(mut self, analytics: &Analytics) {
        let is_told = |key| self.properties.iter().any(|property| property.key() == key);
        if !(is_told("$group_type") && is_told("$group_key")) {
            return self.track(analytics);
        }
        let mut named = |key| take(&mut self.properties, key).as_ref().map(text).unwrap_or_default();
        let (kind, id) = (named("$group_type"), named("$group_key"));
        let traits = members(take(&mut self.properties, "$group_set"));
        // Where nobody is named who told it, the backend makes an id of the group's.
        if self.event.distinct_id == format!("${kind}_{id}") {
            analytics.group_identify(&kind, &id).set(&traits).track();
        } else {
            analytics.by(self.actor()).group_identify(&kind, &id).set(&traits).track();
        }
    }

    fn track(self, analytics: &Analytics) {
        let standard = standard_event(&self.event.event);
        let name: &str = self.event.event.as_str();
        let empty = DynamicEvent::new(standard.map_or(name, |event| event.as_str()));
        let own = |key| standard.and_then(|event| standard_key(event, key)).unwrap_or(key);
        let properties = self.properties.iter();
        let event =
            properties.fold(empty, |event, property| event.with(own(property.key()), property.value().as_value()));
        let mut event = analytics.event(self.actor(), event);
        if let Some(id) = self.event.uuid.as_deref().and_then(|uuid| uuid.parse::<EventId>().ok()) {
            event = event.id(id);
        }
        for property in &self.set {
            event = event.set_person(property.key(), property.value().as_value());
        }
        for property in &self.set_once {
            event = event.set_person_once(property.key(), property.value().as_value());
        }
        for key in &self.unset {
            event = event.unset_person(key);
        }
        event.track();
    }

    /// A handle whose every record has the event's properties.
    fn scope(&self, analytics: &Analytics) -> Analytics {
        let properties = self.properties.iter();
        properties
            .fold(analytics.clone(), |analytics, property| analytics.with(property.key(), property.value().as_value()))
    }

    fn actor(&self) -> Actor<'_> {
        let id = self.event.distinct_id.as_str();
        match id.strip_prefix(SESSION_PREFIX) {
            Some(session_id) => Actor::session(session_id),
            None if self.is_personless => Actor::service(id),
            None => Actor::user(id),
        }
    }
}

/// Takes the value of `key` out of the members of an object.
fn take(members: &mut Vec<OwnedProperty>, key: &str) -> Option<OwnedValue> {
    let place = members.iter().position(|member| member.key() == key)?;
    Some(members.remove(place).value().clone())
}

/// The members of an object; none of anything else.
fn members(mut value: Option<OwnedValue>) -> Vec<OwnedProperty> {
    match value {
        Some(OwnedValue::Object(ref mut members)) => std::mem::take(members),
        _ => Vec::new(),
    }
}

/// The texts of a list.
fn texts(value: Option<&OwnedValue>) -> Vec<String> {
    match value {
        Some(OwnedValue::List(items)) => items.iter().map(text).collect(),
        _ => Vec::new(),
    }
}

/// An id or a name as a text, whatever it was sent as.
fn text(value: &OwnedValue) -> String {
    match value {
        OwnedValue::Str(text) => text.as_ref().to_owned(),
        other => other.to_string(),
    }
}
