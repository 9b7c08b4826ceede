//! The characters of a JSON string, one by one.

use std::iter;
use std::str::Chars;

/// The characters that a JSON string stands for, with `U+FFFD` for half of a surrogate pair. `raw` is the string as it
/// is written, quotes included.
pub(super) fn chars(raw: &str) -> impl Iterator<Item = char> + Clone + '_ {
    let content = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
    let mut rest = content.chars();
    iter::from_fn(move || next(&mut rest))
}

fn next(rest: &mut Chars<'_>) -> Option<char> {
    match rest.next()? {
        '\\' => Some(match rest.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => of_units(unit(rest), rest),
            character => character,
        }),
        character => Some(character),
    }
}

/// The character of a `\u` escape, and of the one behind it if they are a pair.
fn of_units(first: u32, rest: &mut Chars<'_>) -> char {
    if let Some(character) = char::from_u32(first) {
        return character;
    }
    let mut ahead = rest.clone();
    let second = if (ahead.next(), ahead.next()) == (Some('\\'), Some('u')) { unit(&mut ahead) } else { 0 };
    if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second) {
        *rest = ahead;
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::REPLACEMENT_CHARACTER
}

fn unit(rest: &mut Chars<'_>) -> u32 {
    rest.by_ref().take(4).fold(0, |unit, digit| (unit << 4) | digit.to_digit(16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(raw: &str) -> String {
        chars(raw).collect()
    }

    #[test]
    fn escapes_are_read_and_half_pairs_are_replaced() {
        for (raw, expected) in [
            (r#""""#, ""),
            (r#""a\"b\\c\/""#, "a\"b\\c/"),
            (r#""\b\f\n\r\t\u0041\u00e9""#, "\u{8}\u{c}\n\r\tAé"),
            (r#""\ud83e\udd80!""#, "🦀!"),
            (r#""\ud83e""#, "\u{fffd}"),
            (r#""\ud83e\ud83e\udd80""#, "\u{fffd}🦀"),
            (r#""\udd80\n""#, "\u{fffd}\n"),
            (r#""\ud83e\\udd80""#, "\u{fffd}\\udd80"),
        ] {
            assert_eq!(text(raw), expected, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn a_string_that_was_written_is_read_back(value in any::<String>()) {
            prop_assert_eq!(text(&serde_json::to_string(&value).unwrap()), value);
        }

        #[test]
        fn no_text_makes_it_panic(raw in any::<String>()) {
            text(&raw);
        }
    }
}
