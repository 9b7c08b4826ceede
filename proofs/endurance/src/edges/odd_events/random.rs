//! Events as nobody should make them.

use std::fmt;
use std::time::{Duration, SystemTime};

use analytics_core::{Actor, Analytics, DynamicEvent, EventId, OwnedValue};
use fastrand::Rng;
use serde_json::json;

/// A call of the service with odd arguments.
pub(super) struct OddEvent {
    call: Call,
    name: String,
    actor: fn(&str) -> Actor<'_>,
    id: String,
    other_id: String,
    properties: Vec<(String, OwnedValue)>,
    scope: Vec<(String, OwnedValue)>,
    groups: Vec<(String, String)>,
    person: Vec<(Person, String, OwnedValue)>,
    at: Option<SystemTime>,
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Track,
    Identify { from_anonymous: bool },
    Link,
    GroupIdentify,
    GroupIdentifyBy,
}

#[derive(Clone, Copy, Debug)]
enum Person {
    Set,
    SetOnce,
    Unset,
}

const NAMES: [&str; 16] = [
    "order_placed",
    "page_viewed",
    "$pageview",
    "$exception",
    "$ai_generation",
    "$identify",
    "$set",
    "$create_alias",
    "$groupidentify",
    "$performance_event",
    "späße 📰",
    "line\nbreak",
    "nul\0",
    "",
    " ",
    "\u{202e}backwards",
];

const IDS: [&str; 20] = [
    "u1",
    " u2\n",
    "42",
    "späße 📰",
    "anonymous_s1",
    "backend",
    "SYSTEM",
    "user",
    "guest",
    "NULL",
    "None",
    "[object Object]",
    "\"undefined\"",
    "0",
    "true",
    "",
    " ",
    "nul\0",
    "\u{feff}u3",
    "distinct_id",
];

const KEYS: [&str; 44] = [
    "plan",
    "rows",
    "späße 📰",
    "a.b",
    "a b",
    "nul\0",
    "",
    " ",
    "alias",
    "uuid",
    "event",
    "timestamp",
    "options",
    "properties",
    "distinct_id",
    "$distinct_id",
    "$anon_distinct_id",
    "token",
    "$token",
    "api_key",
    "$set",
    "$set_once",
    "$unset",
    "$groups",
    "$group_0",
    "$group_type",
    "$group_key",
    "$group_set",
    "$lib",
    "$lib_version",
    "$process_person_profile",
    "$session_id",
    "$window_id",
    "$cookieless_mode",
    "$ignore_sent_at",
    "$product_tour_id",
    "$geoip_disable",
    "$is_server",
    "$ip",
    "$current_url",
    "$timestamp",
    "$sent_at",
    "$insert_id",
    "$host",
];

const ACTORS: [fn(&str) -> Actor<'_>; 4] =
    [|id| Actor::user(id), |id| Actor::anonymous(id), |id| Actor::session(id), |id| Actor::service(id)];

const PERSONS: [Person; 3] = [Person::Set, Person::SetOnce, Person::Unset];

impl OddEvent {
    pub(super) fn random(rng: &mut Rng) -> Self {
        let call = match rng.u8(0..20) {
            0 => Call::Identify { from_anonymous: true },
            1 => Call::Identify { from_anonymous: false },
            2 => Call::Link,
            3 => Call::GroupIdentify,
            4 => Call::GroupIdentifyBy,
            _ => Call::Track,
        };
        Self {
            call,
            name: text(rng, &NAMES),
            actor: rng.choice(ACTORS).unwrap_or(|id| Actor::user(id)),
            id: text(rng, &IDS),
            other_id: text(rng, &IDS),
            properties: properties(rng),
            scope: if rng.u8(0..4) == 0 { properties(rng) } else { Vec::new() },
            groups: (0..rng.usize(0..8) / 5).map(|_| (text(rng, &KEYS), text(rng, &IDS))).collect(),
            person: (0..rng.usize(0..8) / 4)
                .map(|_| (rng.choice(PERSONS).unwrap_or(Person::Set), text(rng, &KEYS), value(rng)))
                .collect(),
            at: match rng.u8(0..10) {
                0 => Some(SystemTime::UNIX_EPOCH - Duration::from_secs(1)),
                1 => Some(SystemTime::now() + Duration::from_secs(90 * 365 * 24 * 3_600)),
                _ => None,
            },
        }
    }

    pub(super) fn track(&self, analytics: &Analytics) -> EventId {
        let mut scoped = analytics.clone();
        for (key, value) in &self.scope {
            scoped = scoped.with(key, value.as_value());
        }
        let actor = (self.actor)(&self.id);
        let traits = self.event();
        match self.call {
            Call::Track => self.track_event(&scoped, actor),
            Call::Identify { from_anonymous } => {
                let mut builder = scoped.identify(self.id.as_str()).set(&traits);
                if from_anonymous {
                    builder = builder.from_anonymous(self.other_id.as_str());
                }
                builder.track()
            }
            Call::Link => scoped.alias(self.other_id.as_str()).to_user(self.id.as_str()).track(),
            Call::GroupIdentify => scoped.group_identify("company", self.id.as_str()).set(&traits).track(),
            Call::GroupIdentifyBy => {
                scoped.by(actor).group_identify("company", self.other_id.as_str()).set(&traits).track()
            }
        }
    }

    fn event(&self) -> DynamicEvent {
        let named = DynamicEvent::new(self.name.as_str());
        self.properties.iter().fold(named, |event, (key, value)| event.with(key, value.as_value()))
    }

    fn track_event(&self, analytics: &Analytics, actor: Actor<'_>) -> EventId {
        let event = self
            .properties
            .iter()
            .fold(DynamicEvent::new(self.name.as_str()), |event, (key, value)| event.with(key, value.as_value()));
        let mut builder = analytics.event(actor, event);
        for (kind, group) in &self.groups {
            builder = builder.in_group(kind, group.as_str());
        }
        for (what, key, value) in &self.person {
            builder = match what {
                Person::Set => builder.set_person(key, value.as_value()),
                Person::SetOnce => builder.set_person_once(key, value.as_value()),
                Person::Unset => builder.unset_person(key),
            };
        }
        match self.at {
            Some(at) => builder.at(at).track(),
            None => builder.track(),
        }
    }
}

/// In short: a text may have megabytes.
impl fmt::Debug for OddEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: String| text.chars().take(300).collect::<String>();
        let actor = (self.actor)(&self.id);
        write!(
            f,
            "{:?} {} by {} (other {})",
            self.call,
            short(self.name.clone()),
            short(format!("{actor:?}")),
            short(format!("{:?}", self.other_id))
        )?;
        write!(f, " {}", short(format!("{:?}", self.properties)))?;
        write!(f, " scope {}", short(format!("{:?}", self.scope)))?;
        write!(f, " groups {} person {}", short(format!("{:?}", self.groups)), short(format!("{:?}", self.person)))
    }
}

/// One of the texts, often the first, which is nothing odd; or one at the limit of lengths or over it.
fn text(rng: &mut Rng, texts: &[&str]) -> String {
    match rng.u8(0..60) {
        0 => "x".repeat(200),
        1 => "x".repeat(201),
        2..30 => texts.first().copied().unwrap_or_default().to_owned(),
        _ => rng.choice(texts).copied().unwrap_or_default().to_owned(),
    }
}

fn properties(rng: &mut Rng) -> Vec<(String, OwnedValue)> {
    let count = if rng.u16(0..500) == 0 { 1_001 } else { rng.usize(0..5) };
    let any = |rng: &mut Rng| rng.choice(KEYS).unwrap_or_default().to_owned();
    let key = |rng: &mut Rng, n| match rng.u8(0..20) {
        _ if count > 100 => format!("k{n}"),
        0 => text(rng, &KEYS),
        _ => any(rng),
    };
    (0..count).map(|n| (key(rng, n), value(rng))).collect()
}

fn value(rng: &mut Rng) -> OwnedValue {
    let deep = |levels| OwnedValue::from_json(&(0..levels).fold(json!(1), |inner, _| json!([inner])));
    match rng.u8(0..32) {
        0 => OwnedValue::Null,
        1 => OwnedValue::Bool(rng.bool()),
        2 => OwnedValue::I64(i64::MIN),
        3 => OwnedValue::U64(u64::MAX),
        4 => OwnedValue::F64(f64::NAN),
        5 => OwnedValue::F64(f64::NEG_INFINITY),
        6 => OwnedValue::F64(-0.0),
        7 => OwnedValue::F64(f64::MAX),
        8 => OwnedValue::F64(f64::MIN_POSITIVE),
        9 => OwnedValue::Str("".into()),
        10 => OwnedValue::Str("nul \0, \u{7f}, \u{2028}, 📰".into()),
        11 => OwnedValue::Str("\"\\".repeat(1_000).into()),
        12 => deep(rng.usize(60..68)),
        13 => OwnedValue::from_json(&json!({"plan": "pro", "": 1, "distinct_id": "u9", "seats": [1, null]})),
        14 => OwnedValue::from_json(&json!(["trial", "", "phone"])),
        15 => OwnedValue::from_json(&json!({"company": "acme", "team": 7, "bad": null, "": "x"})),
        16 => OwnedValue::from_json(&json!([1, "two", null])),
        17 => OwnedValue::from_json(&json!({})),
        18 if rng.u8(0..10) == 0 => OwnedValue::Str("x".repeat(rng.usize(100_000..2_000_000)).into()),
        _ => OwnedValue::Str("text".into()),
    }
}
