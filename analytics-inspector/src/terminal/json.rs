//! A line of JSON, still JSON.

use std::fmt::Write as _;

use analytics_rules::display::{EscapedChar, Escaper};

/// A line of JSON with what a terminal would execute and what nobody sees as `\u` escapes: the same value, nothing cut.
///
/// Line breaks and tabs, which JSON has between its tokens only, become spaces.
///
/// ```
/// use analytics_inspector::terminal::json_line;
///
/// assert_eq!(json_line("{\"k\": \"\u{202e}\u{9b}2J\u{1f980}\"}"), "{\"k\": \"\\u202e\\u009b2J\u{1f980}\"}");
/// ```
#[must_use]
pub fn json_line(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    let mut escaper = Escaper::new();
    for character in json.chars() {
        // Inside a string JSON has no raw control character.
        let character = if character < ' ' { ' ' } else { character };
        match escaper.next(character) {
            EscapedChar::AsItIs(character) => line.push(character),
            EscapedChar::Escaped(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    write!(line, "\\u{unit:04x}").unwrap_or_default();
                }
            }
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use analytics_rules::display::is_hidden;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    proptest! {
        #[test]
        fn the_value_stays_the_same_and_nothing_in_it_is_hidden(key in any::<String>(), value in any::<String>()) {
            let json = serde_json::to_string_pretty(&serde_json::json!({ key: [value, "\u{e0041}\u{200b}"] })).unwrap();
            let line = json_line(&json);
            prop_assert!(!line.chars().any(is_hidden), "{}", line);
            prop_assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), serde_json::from_str::<Value>(&json).unwrap());
        }
    }
}
