//! What of a text from outside a log may show.

use analytics_rules::display::OneLine;

/// As much of a text as a log may show, in escaped bytes.
pub(super) const MOST_SHOWN_BYTES: usize = 200;

/// As many characters of a text as are looked at: more than are shown.
const LOOKED_AT: usize = 1_024;

/// A piece of the key of this length is as good as none: the start-up line shows as much.
const HARMLESS: usize = 8;

/// A text from outside on one line, without anything that a terminal or a log reader would obey, and without the key
/// or a piece of it: a server may echo the request, whole or cut.
pub(super) fn redacted(text: &str, key: &str) -> String {
    escaped(&without(text.trim(), key))
}

/// A text on one line, without anything that a terminal or a log reader would obey.
pub(super) fn escaped(text: &str) -> String {
    OneLine::new(&text.trim()).at_most(MOST_SHOWN_BYTES).to_string()
}

/// The beginning of `text`, with a dot for each piece of the key in it.
fn without(text: &str, key: &str) -> String {
    let end = text.char_indices().nth(LOOKED_AT).map_or(text.len(), |(end, _)| end);
    let mut left = text.get(..end).unwrap_or_default();
    let mut kept = String::new();
    let least = (HARMLESS + 1).min(key.len()).max(1);
    while let Some(character) = left.chars().next() {
        // Mostly not even the shortest piece begins here.
        let begins = left.get(..least).is_some_and(|piece| key.contains(piece));
        let most = if begins { key.len() } else { 0 };
        let piece = (least..=most).rev().find(|len| left.get(..*len).is_some_and(|piece| key.contains(piece)));
        let (len, shown) = piece.map_or((character.len_utf8(), character), |len| (len, '…'));
        kept.push(shown);
        left = left.get(len..).unwrap_or_default();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn what_a_server_says_cannot_break_the_log() {
        assert_eq!(escaped(" line\nbreak \u{1b}[31mred "), "line\\nbreak \\u{1b}[31mred");
        assert!(escaped(&"x".repeat(10_000)).len() <= MOST_SHOWN_BYTES + '…'.len_utf8());
    }

    #[test]
    fn no_piece_of_the_key_is_shown_that_is_longer_than_what_names_it() {
        for from in 0..KEY.len() {
            for to in from + 1..=KEY.len() {
                let piece = &KEY[from..to];
                let said = redacted(&format!("bad key: {piece}, {piece}!"), KEY);
                let is_kept = piece.len() <= HARMLESS;
                assert_eq!(said.contains(piece), is_kept, "{said}");
                assert!(is_kept || said == "bad key: …, …!", "{said}");
            }
        }
        assert_eq!(redacted("no phc_test here", "phc_test"), "no … here");
        assert_eq!(redacted(&"ä".repeat(2_000), KEY).chars().count(), 101);
    }
}
