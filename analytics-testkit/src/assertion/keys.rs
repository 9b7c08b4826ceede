//! Slips of the pen in keys.

use std::collections::BTreeSet;

use analytics_core::{EventDescription, OwnedProperty, PropertyDescription};

use crate::expected::Subject;
use crate::selection::Selection;
use crate::text::{closest, listed};

/// Whether somebody knows the property `key`: the event's type, the expected event, or a record of that name.
///
/// A key that is to be absent can only be judged by a type.
pub(super) fn know(selection: &Selection, key: &str, is_expected: bool) -> Result<(), String> {
    let declared = declared(selection);
    let typed = declared.as_deref().unwrap_or_default();
    let recorded: BTreeSet<&str> = selection
        .candidates()
        .flat_map(|(_, record)| record.properties())
        .map(OwnedProperty::key)
        .filter(|key| !typed.contains(key))
        .collect();
    let is_expected_events_own = selection.expected.conditions.iter().any(|condition| condition.is_own_of(key));
    // What production leaves out was tracked all the same: that it is not there is no slip of the pen.
    let was_left_out = || selection.snapshot.left_out.iter().any(|(_, left_out)| left_out.key() == key);
    let is_known = typed.contains(&key) || recorded.contains(key) || is_expected_events_own || was_left_out();
    if is_known || (typed.is_empty() && !is_expected) || selection.candidates().next().is_none() {
        return Ok(());
    }
    let recorded: Vec<&str> = recorded.into_iter().collect();
    Err(unknown(key, &selection.expected.subject, declared.as_deref(), &recorded))
}

/// Says that the test names a key that nobody knows, and which keys are known.
fn unknown(key: &str, subject: &Subject, declared: Option<&[&str]>, recorded: &[&str]) -> String {
    let all: Vec<&str> = declared.into_iter().flatten().chain(recorded).copied().collect();
    let suggestion = closest(key, &all).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
    let known = match (declared, recorded) {
        (None, []) => format!("no declared type; no recorded {subject} has a property"),
        (None, recorded) => format!("no declared type; seen on recorded {subject}: {}", listed(recorded)),
        (Some([]), recorded) => format!("declared: none{}", undeclared(recorded)),
        (Some(declared), recorded) => format!("declared: {}{}", listed(declared), undeclared(recorded)),
    };
    format!("the test names `{key}`, which {subject} does not have{suggestion}\n{known}")
}

fn undeclared(recorded: &[&str]) -> String {
    match recorded {
        [] => String::new(),
        recorded => format!("\nalso recorded, undeclared: {}", listed(recorded)),
    }
}

/// The keys that the expected type declares, or the type of what was recorded; `None` where there is no type.
fn declared(selection: &Selection) -> Option<Vec<&'static str>> {
    if !matches!(selection.expected.subject, Subject::Event(_)) {
        return None;
    }
    let recorded = || selection.candidates().find_map(|(_, record)| record.as_record().description());
    let description: &'static EventDescription = selection.expected.description.or_else(recorded)?;
    Some(description.properties().iter().map(PropertyDescription::name).collect())
}
