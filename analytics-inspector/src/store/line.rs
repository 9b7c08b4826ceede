//! One event as one line of text, safe to print on a terminal.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::event::ReceivedEvent;

/// A longer name or value is cut here, with an ellipsis.
const MAX_CHARS: usize = 200;

pub(super) fn write(event: &ReceivedEvent, f: &mut dyn fmt::Write) -> fmt::Result {
    write_word(&event.distinct_id, f)?;
    f.write_char(' ')?;
    write_word(&event.event, f)?;
    write_properties(event, f)
}

/// The properties alone.
pub(super) fn preview(event: &ReceivedEvent) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    write_properties(event, &mut text).unwrap_or_default();
    text.split_off(text.len().min(1))
}

fn write_properties(event: &ReceivedEvent, f: &mut dyn fmt::Write) -> fmt::Result {
    for (key, value) in properties(event) {
        if key.starts_with('$') {
            continue;
        }
        f.write_char(' ')?;
        write_escaped(&key, f)?;
        f.write_char('=')?;
        match serde_json::from_str::<Cow<'_, str>>(value.get()) {
            Ok(text) => write_word(&text, f)?,
            Err(_) => write_escaped(value.get(), f)?,
        }
    }
    Ok(())
}

/// Writes text that is one word as it is, and any other in quotes.
fn write_word(text: &str, f: &mut dyn fmt::Write) -> fmt::Result {
    let is_word = !text.is_empty() && !text.contains([' ', '=', '"']);
    if is_word {
        return write_escaped(text, f);
    }
    f.write_char('"')?;
    write_escaped(text, f)?;
    f.write_char('"')
}

fn write_escaped(text: &str, f: &mut dyn fmt::Write) -> fmt::Result {
    for (index, character) in text.chars().enumerate() {
        if index == MAX_CHARS {
            return f.write_char('…');
        }
        if is_unsafe(character) {
            write!(f, "{}", character.escape_default())?;
        } else {
            f.write_char(character)?;
        }
    }
    Ok(())
}

/// Whether a terminal may act on it: control characters, line separators, bidirectional marks.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The properties in the order in which they were sent.
fn properties(event: &ReceivedEvent) -> Vec<(String, &RawValue)> {
    let Some(json) = event.properties_json() else {
        return Vec::new();
    };
    serde_json::Deserializer::from_str(json).deserialize_map(InOrder).unwrap_or_default()
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(distinct_id: &str, name: &str, json: &str) -> String {
        let event = ReceivedEvent::new(None, name.to_owned(), distinct_id.to_owned(), None, json);
        event.to_string()
    }

    #[test]
    fn properties_stand_in_the_order_sent_and_those_of_the_vendor_are_left_out() {
        let json = r#"{"properties":{"tool_name":"search","$lib":"x","session_id":"s1","n":3,"o":{"a":[1]}}}"#;
        assert_eq!(
            line("u1", "copilot_tool_called", json),
            r#"u1 copilot_tool_called tool_name=search session_id=s1 n=3 o={"a":[1]}"#
        );
    }

    #[test]
    fn what_a_terminal_would_act_on_is_escaped() {
        let json = r#"{"properties":{"k\u001b[2J":"a\nb\u202ec"}}"#;
        assert_eq!(line("u\u{7}", "n\u{9b}", json), r"u\u{7} n\u{9b} k\u{1b}[2J=a\nb\u{202e}c");
    }

    #[test]
    fn text_that_is_not_one_word_is_quoted_and_long_text_is_cut() {
        let json = format!(r#"{{"properties":{{"a":"x y","b":"","c":"{}"}}}}"#, "z".repeat(201));
        assert_eq!(line("u 1", "e", &json), format!(r#""u 1" e a="x y" b="" c={}…"#, "z".repeat(200)));
    }
}
