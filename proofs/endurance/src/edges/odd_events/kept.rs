//! What was kept of an event, wherever it stands in it.

use std::collections::BTreeSet;

use analytics_core::json::to_string;
use analytics_core::{OwnedAction, OwnedRecord, OwnedValue, PersonUpdate};
use analytics_inspector::ReceivedEvent;
use serde_json::Value;

use crate::harness::fixture::OrFail;
use crate::unmet::Unmet;

/// What was kept of an event: its name, whose it is, and the places of its properties, such as `$set/plan`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    name: String,
    distinct_id: String,
    places: BTreeSet<String>,
}

/// What the backend adds of its own to any event.
const OWN: [&str; 9] = [
    "$lib",
    "$lib_version",
    "$is_server",
    "$geoip_disable",
    "$process_person_profile",
    "$anon_distinct_id",
    "$group_type",
    "$group_key",
    "alias",
];

/// Properties whose members count one by one.
const OPENED: [&str; 5] = ["$set", "$set_once", "$unset", "$groups", "$group_set"];

/// Where v1 has what v0 has among the properties.
const LIFTED: [(&str, &str); 6] = [
    ("/session_id", "$session_id"),
    ("/window_id", "$window_id"),
    ("/options/cookieless_mode", "$cookieless_mode"),
    ("/options/disable_skew_correction", "$ignore_sent_at"),
    ("/options/product_tour_id", "$product_tour_id"),
    ("/options/process_person_profile", "$process_person_profile"),
];

impl Kept {
    pub(super) fn of_record(record: &OwnedRecord) -> Result<Self, Unmet> {
        let mut places = BTreeSet::new();
        let is_group = matches!(record.action(), OwnedAction::GroupIdentify { .. });
        for property in record.properties() {
            if is_group {
                places.insert(format!("$group_set/{}", property.key()));
            } else {
                open(&mut places, property.key(), &json_of(property.value())?);
            }
        }
        let updates =
            [(PersonUpdate::Set, "$set"), (PersonUpdate::SetOnce, "$set_once"), (PersonUpdate::Unset, "$unset")];
        let person = updates.iter().flat_map(|(what, place)| record.person(*what).iter().map(move |of| (*place, of)));
        let groups = record.groups().iter().map(|group| ("$groups", group));
        places.extend(person.chain(groups).map(|(place, property)| format!("{place}/{}", property.key())));
        places.retain(|place| !OWN.contains(&place.as_str()));
        let name = match record.action() {
            OwnedAction::Track { name, .. } => name,
            OwnedAction::Identify { .. } => "$identify",
            OwnedAction::Alias { .. } => "$create_alias",
            _ => "$groupidentify",
        };
        // Of a group without an actor the backend makes the id.
        let distinct_id = if is_group { String::new() } else { record.actor().id().to_string() };
        Ok(Self { name: name.to_owned(), distinct_id, places })
    }

    pub(super) fn of_event(event: &ReceivedEvent) -> Result<Self, Unmet> {
        let json: Value = serde_json::from_str(event.json()).or_fail("an event that arrived")?;
        let mut places = BTreeSet::new();
        if let Some(Value::Object(properties)) = json.get("properties") {
            properties.iter().for_each(|(key, value)| open(&mut places, key, value));
        }
        let lifted = LIFTED.iter().filter(|(pointer, _)| json.pointer(pointer).is_some());
        places.extend(lifted.map(|(_, key)| (*key).to_owned()));
        places.retain(|place| !OWN.contains(&place.as_str()));
        let is_group = event.event == "$groupidentify";
        let distinct_id = if is_group { String::new() } else { event.distinct_id.clone() };
        Ok(Self { name: event.event.clone(), distinct_id, places })
    }

    /// What both kept.
    pub(super) fn in_both(&self, other: &Self) -> Self {
        Self { places: self.places.intersection(&other.places).cloned().collect(), ..self.clone() }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }
}

fn json_of(value: &OwnedValue) -> Result<Value, Unmet> {
    serde_json::from_str(&to_string(value.as_value()).or_fail("a value that was kept")?).or_fail("its JSON")
}

/// The place of a property, or of its members where they are meant one by one.
fn open(places: &mut BTreeSet<String>, key: &str, value: &Value) {
    match value {
        Value::Object(members) if OPENED.contains(&key) => {
            // A member without a value is none, but where only its name counts.
            let members = members.iter().filter(|(_, value)| key == "$unset" || !value.is_null());
            places.extend(members.map(|(member, _)| format!("{key}/{member}")));
        }
        Value::Array(names) if OPENED.contains(&key) => {
            places.extend(names.iter().filter_map(Value::as_str).map(|name| format!("{key}/{name}")));
        }
        _ => drop(places.insert(key.to_owned())),
    }
}
