//! One event as one line of text, safe to print on a terminal.

use std::borrow::Cow;
use std::fmt;

use analytics_rules::display::LineWriter;
use serde::Deserializer as _;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::event::ReceivedEvent;
use super::json_text;
use crate::terminal::write_line;

/// A longer name or value is cut here, with an ellipsis.
const MAX_CHARS: usize = 200;

/// Writes as much of an event as a line has room for, and reads no more of it than that takes.
impl fmt::Display for ReceivedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dropped = self.dropped.filter(|_| f.alternate());
        write_line(f, |line| {
            if let Some(reason) = dropped {
                line.write_text(format!("dropped {reason}: ").chars())?;
            }
            write_word(self.distinct_id.chars(), line)?;
            line.write_own(' ')?;
            write_word(self.event.chars(), line)?;
            write_properties(self, line, true)
        })
    }
}

impl ReceivedEvent {
    /// Its properties in short, as its line has them, and who is who.
    pub(crate) fn preview(&self) -> Cow<'_, str> {
        match &self.preview {
            Some(preview) => Cow::Borrowed(preview),
            None => Cow::Owned(self.written_preview()),
        }
    }

    /// The properties alone; before them, of an event that says who is who, those of PostHog's that say it.
    pub(super) fn written_preview(&self) -> String {
        let keys: &[&str] = match self.event.as_str() {
            "$identify" => &["$anon_distinct_id"],
            "$groupidentify" => &["$group_type", "$group_key"],
            _ => &[],
        };
        let mut text = String::new();
        // Writing to a string cannot fail.
        write_line(&mut text, |line| {
            let mut is_space_due = false;
            for key in keys {
                if let Some(Value::String(value)) = self.property(key) {
                    let word = format!("{}{key}=", if is_space_due { " " } else { "" });
                    line.write_text(word.chars())?;
                    write_cut(value.chars(), line)?;
                    is_space_due = true;
                }
            }
            write_properties(self, line, is_space_due)
        })
        .unwrap_or_default();
        text
    }
}

/// Writes the properties in the order in which they were sent, each with a space before it.
fn write_properties(event: &ReceivedEvent, line: &mut LineWriter<'_>, is_space_due: bool) -> fmt::Result {
    let Some(json) = event.properties_json() else {
        return Ok(());
    };
    let mut properties = Properties { line, is_space_due, written: Ok(()) };
    // What cannot be read any further ends the line, as its bound does.
    drop(serde_json::Deserializer::from_str(json).deserialize_map(&mut properties));
    properties.written
}

struct Properties<'a, 'l> {
    line: &'a mut LineWriter<'l>,
    is_space_due: bool,
    written: fmt::Result,
}

impl Properties<'_, '_> {
    fn write(&mut self, key: &str, value: &str) -> fmt::Result {
        if std::mem::replace(&mut self.is_space_due, true) {
            self.line.write_own(' ')?;
        }
        write_cut(json_text::chars(key), self.line)?;
        self.line.write_own('=')?;
        if value.starts_with('"') {
            write_word(json_text::chars(value), self.line)
        } else {
            write_cut(value.chars(), self.line)
        }
    }
}

impl<'de> Visitor<'de> for &mut Properties<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // Raw, so that a text of megabytes is not unescaped for its first characters.
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            if json_text::chars(key.get()).next() == Some('$') {
                continue;
            }
            self.written = self.write(key.get(), value.get());
            if self.written.is_err() {
                return Err(A::Error::custom("the line is full"));
            }
        }
        Ok(())
    }
}

/// Writes text that is one word as it is, and any other in quotes.
fn write_word(text: impl Iterator<Item = char> + Clone, line: &mut LineWriter<'_>) -> fmt::Result {
    let mut shown = text.clone().take(MAX_CHARS).peekable();
    let is_word = shown.peek().is_some() && !shown.any(|character| [' ', '=', '"'].contains(&character));
    if is_word {
        return write_cut(text, line);
    }
    line.write_own('"')?;
    write_cut(text, line)?;
    line.write_own('"')
}

fn write_cut(mut text: impl Iterator<Item = char>, line: &mut LineWriter<'_>) -> fmt::Result {
    line.write_text(text.by_ref().take(MAX_CHARS))?;
    if text.next().is_some() { line.write_own('…') } else { Ok(()) }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
