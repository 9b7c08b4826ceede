//! Slips of the pen in keys.

use std::collections::BTreeSet;

use analytics_core::{EventDescription, OwnedProperty, PropertyDescription};

use super::check::Check;
use super::subject::Subject;
use crate::report::{closest, listed};

/// Whether somebody knows the property `key`: the event's type, the expected event, or a record of that name.
///
/// A key that is to be absent can only be judged by a type.
pub(super) fn know(check: &Check, key: &str, is_expected: bool) -> Result<(), String> {
    let declared = declared(check);
    let recorded: BTreeSet<&str> = check
        .candidates()
        .flat_map(|(_, record)| record.properties())
        .map(OwnedProperty::key)
        .filter(|key| !declared.contains(key))
        .collect();
    let is_expected_events_own = check.expected.conditions.iter().any(|condition| condition.is_own_of(key));
    let is_known = declared.contains(&key) || recorded.contains(key) || is_expected_events_own;
    if is_known || (declared.is_empty() && !is_expected) || check.candidates().next().is_none() {
        return Ok(());
    }
    let all: Vec<&str> = declared.iter().chain(&recorded).copied().collect();
    let suggestion = closest(key, &all).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
    let mut lines = vec![format!("{} has no property `{key}`{suggestion}", check.expected.subject)];
    if !declared.is_empty() {
        lines.push(format!("its type declares {}", listed(&declared)));
    }
    if !recorded.is_empty() {
        let recorded: Vec<&str> = recorded.into_iter().collect();
        let beside = if declared.is_empty() { "recorded were" } else { "recorded beside these were" };
        lines.push(format!("{beside} {}", listed(&recorded)));
    }
    Err(lines.join("\n"))
}

/// The keys that the expected type declares, or the type of what was recorded.
fn declared(check: &Check) -> Vec<&'static str> {
    if !matches!(check.expected.subject, Subject::Event(_)) {
        return Vec::new();
    }
    let recorded = || check.candidates().find_map(|(_, record)| record.as_record().description());
    let description: Option<&'static EventDescription> = check.expected.description.or_else(recorded);
    description.map_or(&[][..], EventDescription::properties).iter().map(PropertyDescription::name).collect()
}
