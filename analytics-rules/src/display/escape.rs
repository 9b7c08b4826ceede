//! Which characters of a text are shown as they are, and how the others are.

use std::fmt;

/// How many combining marks in a row are shown: more than any script needs, too few to reach other lines.
const MAX_MARKS: usize = 4;

/// Escapes one text, character by character.
#[derive(Debug, Default)]
pub struct Escaper {
    /// How many more combining marks the latest character may have. A mark without a character would join
    /// whatever stands before the text.
    marks_left: usize,
}

/// One character as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EscapedChar {
    /// Itself.
    AsItIs(char),
    /// `\n`, or `\u{202e}`.
    Escaped(char),
}

impl Escaper {
    /// At the beginning of a text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text's next character, as it is shown.
    pub fn next(&mut self, character: char) -> EscapedChar {
        let is_mark = is_combining(character);
        if is_hidden(character) || (is_mark && self.marks_left == 0) {
            self.marks_left = 0;
            return EscapedChar::Escaped(character);
        }
        self.marks_left = if is_mark { self.marks_left - 1 } else { MAX_MARKS };
        EscapedChar::AsItIs(character)
    }
}

impl EscapedChar {
    /// How many bytes it takes.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::AsItIs(character) => character.len_utf8(),
            Self::Escaped(character) => character.escape_default().len(),
        }
    }
}

impl fmt::Display for EscapedChar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        match self {
            Self::AsItIs(character) => f.write_char(*character),
            Self::Escaped(character) => write!(f, "{}", character.escape_default()),
        }
    }
}

/// Whether a terminal may act on the character, or a reader does not see it: controls, direction and format
/// characters, tags, all spaces but the usual one, and what is not assigned.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\0'..='\u{9f}' => true,
        _ => !is_printable(character) || is_blank(character),
    }
}

/// Whether the standard library prints it inside a string's `Debug`, whose tables grow with Unicode. It does not print
/// control, format, private and unassigned characters, nor separators.
fn is_printable(character: char) -> bool {
    let mut text = [b'x'; 5];
    let [_, rest @ ..] = &mut text;
    let bytes = character.encode_utf8(rest).len();
    // Behind another character, since a mark at the beginning would be escaped as such.
    let text = text.get(..=bytes).and_then(|text| std::str::from_utf8(text).ok());
    text.is_some_and(|text| text.escape_debug().nth(1) == Some(character))
}

/// What counts as printable and has no ink: fillers, joiners, selectors of variants, the empty Braille pattern.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether it is drawn on the character before it.
fn is_combining(character: char) -> bool {
    // Alone, a mark is escaped though it is printable.
    !character.is_ascii() && character.escape_debug().next() == Some('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut escaper = Escaper::new();
        text.chars().map(|character| escaper.next(character).to_string()).collect()
    }

    #[test]
    fn what_people_write_is_shown_as_it_is() {
        for text in [
            "plain ~ text, \"quoted\" and \\ back",
            "naïve Ünï ßẞ",
            "日本語の文字",
            "한국어",
            "עברית",
            "العربية",
            "ไทย ที่นี่",
            "हिन्दी",
            "việt nam, e\u{323}\u{302}",
            "🦀 → ½ €",
        ] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn marks_are_shown_on_a_character_and_in_no_flood() {
        assert_eq!(escaped("\u{301}a"), "\\u{301}a");
        assert_eq!(escaped("\n\u{301}"), "\\n\\u{301}");
        let flood = format!("a{}b\u{301}", "\u{301}".repeat(6));
        assert_eq!(escaped(&flood), format!("a{}\\u{{301}}\\u{{301}}b\u{301}", "\u{301}".repeat(4)));
    }

    #[test]
    fn the_size_of_what_is_shown_is_known_before_it_is_written() {
        let mut escaper = Escaper::new();
        for character in "a\nü\u{202e}🦀\u{e0041}\u{10ffff}".chars() {
            let shown = escaper.next(character);
            assert_eq!(shown.bytes(), shown.to_string().len(), "{character:?}");
        }
    }

    #[test]
    fn of_all_characters_the_hidden_ones_are_those_without_ink_or_with_an_effect() {
        for character in (0..=0x10_ffff).filter_map(char::from_u32) {
            let is_control = character.is_control();
            let is_space = character.is_whitespace() && character != ' ';
            if is_control || is_space {
                assert!(is_hidden(character), "{character:?}");
            }
            if character.is_alphanumeric() && !matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}') {
                assert!(!is_hidden(character), "{character:?}");
            }
        }
    }
}
