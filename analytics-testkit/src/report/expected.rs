//! What was expected, in the form in which records are shown.

use std::fmt::Write as _;

use crate::expected::{Condition, Expectation, RecordField, Subject};
use crate::text::line;
use crate::wire::Wire;

/// What was expected, in one line: `u1 copilot_tool_called tool_name=search without coupon`.
pub(crate) fn expectation(expected: &Expectation) -> String {
    let mut text = head(expected);
    for (heading, place) in [
        ("", RecordField::Property),
        (" set", RecordField::Set),
        (" set_once", RecordField::SetOnce),
        (" unset", RecordField::Unset),
        (" in", RecordField::Group),
        (" context", RecordField::Context),
        (" flags", RecordField::Flag),
    ] {
        pairs(&mut text, expected, heading, place);
    }
    for (heading, place) in [
        ("without", RecordField::Property),
        ("not set", RecordField::Set),
        ("not set_once", RecordField::SetOnce),
        ("without context", RecordField::Context),
        ("without flag", RecordField::Flag),
    ] {
        let absent: Vec<&str> =
            wanted(expected, place).filter(|(_, wanted)| wanted.is_none()).map(|(key, _)| key).collect();
        if !absent.is_empty() {
            append(&mut text, format_args!(" {heading} {}", absent.join(", ")));
        }
    }
    if !expected.ignored.is_empty() {
        append(&mut text, format_args!(", ignoring {}", expected.ignored.join(", ")));
    }
    line(&text)
}

fn head(expected: &Expectation) -> String {
    let actor = expected.conditions.iter().find_map(|condition| match condition {
        Condition::Actor { id, .. } => Some(id.as_str()),
        Condition::Group { .. } | Condition::Value { .. } => None,
    });
    let group = expected.conditions.iter().find_map(|condition| match condition {
        Condition::Group { id } => Some(id.as_str()),
        Condition::Actor { .. } | Condition::Value { .. } => None,
    });
    let anonymous = wanted(expected, RecordField::Anonymous).find_map(|(_, wanted)| wanted).map(Wire::bare);
    match (&expected.subject, actor, anonymous) {
        (Subject::Event(name), Some(actor), _) => format!("{actor} {name}"),
        (Subject::Event(name), None, _) => name.clone(),
        (Subject::Group(kind), None, _) => format!("{kind}:{} group_identify", group.unwrap_or("…")),
        (Subject::Group(kind), Some(actor), _) => {
            format!("{actor} group_identify {kind}:{}", group.unwrap_or("…"))
        }
        (Subject::Identify, actor, None) => format!("{} identify", actor.unwrap_or("…")),
        (Subject::Identify, actor, Some(anonymous)) => {
            format!("{} identify from {anonymous}", actor.unwrap_or("…"))
        }
        (Subject::Alias, actor, anonymous) => {
            format!("{} alias {}", actor.unwrap_or("…"), anonymous.unwrap_or_default())
        }
    }
}

fn wanted(expected: &Expectation, place: RecordField) -> impl Iterator<Item = (&str, Option<&Wire>)> {
    expected.conditions.iter().filter_map(move |condition| match condition {
        Condition::Value { place: stands, key, wanted, .. } if *stands == place => {
            Some((key.as_str(), wanted.as_ref()))
        }
        _ => None,
    })
}

fn pairs(text: &mut String, expected: &Expectation, heading: &str, place: RecordField) {
    let mut heading = heading;
    for (key, value) in wanted(expected, place).filter_map(|(key, wanted)| Some((key, wanted?))) {
        match place {
            RecordField::Unset => append(text, format_args!("{heading} {key}")),
            _ => append(text, format_args!("{heading} {key}={value}")),
        }
        heading = "";
    }
}

fn append(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    text.write_fmt(more).unwrap_or_default();
}
