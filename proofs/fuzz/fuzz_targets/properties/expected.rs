//! What an event has to be read as.

use chrono::{DateTime, Utc};

use crate::decoded::Decoded;
use crate::fact::{By, Fact, Happened, Input};
use crate::node::{LEVELS, Node, Unwritten};
use crate::text::Text;
use crate::tree::Tree;

/// An event as it has to be read.
#[derive(Debug)]
pub struct Expected {
    /// Properties that are not in it.
    pub left_out: u32,
    event: String,
    distinct_id: String,
    timestamp: Option<String>,
    properties: Vec<(String, Node)>,
    makes_no_person: bool,
}

/// Something of it is over a limit.
#[derive(Debug)]
pub struct TooLarge;

/// Keys that are the backend's to say: an event's own property of that name is left out.
const RESERVED: [&str; 17] = [
    "$anon_distinct_id",
    "$create_alias",
    "$distinct_id",
    "$group_key",
    "$group_set",
    "$group_type",
    "$groups",
    "$lib",
    "$lib_version",
    "$set",
    "$set_once",
    "$token",
    "$unset",
    "alias",
    "api_key",
    "distinct_id",
    "token",
];

/// Keys that mean something only with a boolean.
const SWITCHES: [&str; 4] = ["$cookieless_mode", "$geoip_disable", "$is_server", "$process_person_profile"];

const MAX_KEY_BYTES: usize = 200;

impl Expected {
    /// What a fact has to be read as.
    pub fn of(input: &Input) -> Result<Self, TooLarge> {
        let scope = last(&input.scope).into_iter().filter(|(_, value)| Node::of(value, LEVELS).is_ok()).collect();
        let id = input.id.0.as_str();
        let mut expected = Self {
            left_out: 0,
            event: String::new(),
            distinct_id: id.to_owned(),
            timestamp: None,
            properties: Vec::new(),
            makes_no_person: false,
        };
        match &input.fact {
            Fact::Event(happened) => expected.happened(happened, id, scope)?,
            Fact::Identify { anonymous, set, set_once, unset } => {
                expected.event = "$identify".to_owned();
                expected.own(scope)?;
                expected.text("$anon_distinct_id", anonymous.as_ref().map(|id| id.0.as_str()));
                expected.object("$set", borrowed(&set.0))?;
                expected.object("$set_once", borrowed(&set_once.0))?;
                expected.names(unset);
            }
            Fact::Link { anonymous } => {
                expected.event = "$create_alias".to_owned();
                expected.own(scope)?;
                expected.text("alias", Some(&anonymous.0));
            }
            Fact::Group { kind, traits } => {
                expected.event = "$groupidentify".to_owned();
                expected.distinct_id = format!("${}_{id}", kind.0);
                expected.text("$group_type", Some(&kind.0));
                expected.text("$group_key", Some(id));
                expected.object("$group_set", borrowed(&traits.0))?;
            }
        }
        Ok(expected)
    }

    fn happened<'a>(
        &mut self,
        happened: &'a Happened,
        id: &str,
        scope: Vec<(&'a Text, &'a Tree)>,
    ) -> Result<(), TooLarge> {
        self.event = happened.event.name.0.clone();
        self.distinct_id = happened.actor(id).to_string();
        self.timestamp = Some(DateTime::<Utc>::from(happened.at).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        // The event wins over the call, and the call over the scope.
        let mut properties = borrowed(&happened.event.members.0);
        for (key, value) in last(&happened.properties).into_iter().chain(scope) {
            if properties.iter().all(|(other, _)| *other != key) {
                properties.push((key, value));
            }
        }
        self.own(properties)?;
        self.object("$set", last(&happened.set))?;
        self.object("$set_once", last(&happened.set_once))?;
        self.names(&happened.unset);
        let updates_person = self.properties.iter().any(|(key, _)| matches!(&**key, "$set" | "$set_once" | "$unset"));
        self.makes_no_person = happened.by != By::User && !updates_person;
        let groups: Vec<_> = happened.groups.iter().map(|(kind, id)| (kind.clone(), Tree::Str(id.clone()))).collect();
        self.object("$groups", last(&groups))
    }

    /// The record's own properties.
    fn own(&mut self, properties: Vec<(&Text, &Tree)>) -> Result<(), TooLarge> {
        let (kept, left_out): (Vec<_>, Vec<_>) =
            properties.into_iter().partition(|(key, value)| is_an_events(&key.0, value));
        self.left_out += u32::try_from(left_out.len()).expect("few");
        let kept = self.members(kept)?;
        self.properties.extend(kept);
        Ok(())
    }

    fn members(&mut self, members: Vec<(&Text, &Tree)>) -> Result<Vec<(String, Node)>, TooLarge> {
        let mut kept = Vec::new();
        for (key, value) in members {
            if matches!(value, Tree::Null) {
                continue;
            }
            if key.0.len() > MAX_KEY_BYTES {
                return Err(TooLarge);
            }
            match Node::of(value, LEVELS) {
                Ok(node) => kept.push((key.0.clone(), node)),
                Err(Unwritten::NotFinite) => self.left_out += 1,
                Err(Unwritten::TooDeep) => return Err(TooLarge),
            }
        }
        Ok(kept)
    }

    fn object(&mut self, key: &str, members: Vec<(&Text, &Tree)>) -> Result<(), TooLarge> {
        let members = self.members(members)?;
        if !members.is_empty() {
            self.properties.push((key.to_owned(), Node::Object(members)));
        }
        Ok(())
    }

    fn names(&mut self, names: &[Text]) {
        let once = names.iter().enumerate().filter(|(index, name)| !names[index + 1..].contains(name));
        let names: Vec<_> = once.map(|(_, name)| Node::Text(name.0.clone())).collect();
        if !names.is_empty() {
            self.properties.push(("$unset".to_owned(), Node::List(names)));
        }
    }

    fn text(&mut self, key: &str, value: Option<&str>) {
        self.properties.extend(value.map(|value| (key.to_owned(), Node::Text(value.to_owned()))));
    }

    /// Checks what was read.
    pub fn check(&self, read: &Decoded, text: &str) {
        assert_eq!(read.members().len(), 5, "members of {text}");
        assert!(matches!(read.get("uuid"), Some(Decoded::Text(id)) if id.len() == 36), "uuid of {text}");
        let is_text =
            |key, expected: &str| assert_eq!(read.get(key), Some(&Decoded::Text(expected.to_owned())), "{text}");
        is_text("event", &self.event);
        is_text("distinct_id", &self.distinct_id);
        if let Some(timestamp) = &self.timestamp {
            is_text("timestamp", timestamp);
        }
        let properties = read.get("properties").unwrap_or_else(|| panic!("no properties in {text}"));
        for (key, expected) in &self.properties {
            let found = properties.get(key);
            assert!(found.is_some_and(|found| expected.is(found)), "{key:?} is {found:?}, not {expected:?}: {text}");
        }
        for (key, found) in properties.members() {
            if self.properties.iter().all(|(expected, _)| expected != key) {
                assert!(is_the_backends(key, found), "{key:?} is {found:?}, and nobody said so: {text}");
            }
        }
        self.check_what_the_backend_says(properties, text);
    }

    fn check_what_the_backend_says(&self, properties: &Decoded, text: &str) {
        for key in ["$lib", "$lib_version", "$is_server"] {
            assert!(properties.get(key).is_some(), "no {key} in {text}");
        }
        // Else PostHog places the user where the server is.
        let is_placed = properties.get("$geoip_disable").is_some() || properties.get("$ip").is_some();
        assert!(is_placed, "neither $ip nor $geoip_disable in {text}");
        let says_so = properties.get("$process_person_profile").is_some();
        assert!(says_so || !self.makes_no_person, "it makes a person: {text}");
    }
}

/// Whether an event may say that itself.
fn is_an_events(key: &str, value: &Tree) -> bool {
    if key == "$ip" {
        return matches!(Node::of(value, LEVELS), Ok(Node::Text(ip)) if !ip.trim().is_empty());
    }
    !RESERVED.contains(&key) && (!SWITCHES.contains(&key) || matches!(value, Tree::Bool(_)))
}

/// Whether the backend says that of itself.
fn is_the_backends(key: &str, value: &Decoded) -> bool {
    match key {
        "$lib" => *value == Decoded::Text("analytics-posthog".to_owned()),
        "$lib_version" => matches!(value, Decoded::Text(_)),
        "$geoip_disable" | "$is_server" => *value == Decoded::Bool(true),
        "$process_person_profile" => *value == Decoded::Bool(false),
        // All that was in it was left out.
        "$set" | "$set_once" | "$groups" | "$group_set" => *value == Decoded::Object(Vec::new()),
        _ => false,
    }
}

fn borrowed(pairs: &[(Text, Tree)]) -> Vec<(&Text, &Tree)> {
    pairs.iter().map(|(key, value)| (key, value)).collect()
}

/// The last value of each key; nothing under a key whose last value is null.
fn last(pairs: &[(Text, Tree)]) -> Vec<(&Text, &Tree)> {
    let is_last = |index: usize, key: &Text| pairs.iter().skip(index + 1).all(|(other, _)| other != key);
    let kept = pairs.iter().enumerate().filter(|(index, (key, _))| is_last(*index, key));
    kept.map(|(_, (key, value))| (key, value)).filter(|(_, value)| !matches!(value, Tree::Null)).collect()
}
