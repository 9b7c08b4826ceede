//! A line that ends, however long the text is.

use std::fmt;

use analytics_rules::display::{LineWriter, OneLine};

/// The most bytes that a line has, without its line break: with it, 1 KiB.
pub const MAX_LINE_BYTES: usize = 1_023;

/// The same without the ellipsis of a line that is cut.
const MAX_TEXT_BYTES: usize = MAX_LINE_BYTES - '…'.len_utf8();

/// One line of a text: what a terminal would execute and what nobody sees is escaped, as `\n` or `\u{202e}`, and a line
/// that would have more than [`MAX_LINE_BYTES`] ends with an ellipsis.
///
/// ```
/// use analytics_inspector::terminal::line;
///
/// assert_eq!(line("all\u{1b}[2J is\nwell"), r"all\u{1b}[2J is\nwell");
/// assert!(line(&"x".repeat(5_000)).ends_with("x…"));
/// ```
#[must_use]
pub fn line(text: &str) -> String {
    OneLine::new(&text).at_most(MAX_TEXT_BYTES).to_string()
}

/// Gives `write` a line of `out` to write, up to the bound of [`MAX_LINE_BYTES`].
///
/// # Errors
///
/// What `out` says. That the line is full is none.
pub(crate) fn write_line<'w>(
    out: &'w mut dyn fmt::Write,
    write: impl FnOnce(&mut LineWriter<'w>) -> fmt::Result,
) -> fmt::Result {
    LineWriter::write_to(out, MAX_TEXT_BYTES, write)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_has_at_most_1_kib() {
        assert_eq!(line(&"x".repeat(5_000)).len(), MAX_LINE_BYTES);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_line_too_long_or_two_of_it(text in any::<String>()) {
            let line = line(&text.repeat(50));
            prop_assert!(line.len() <= MAX_LINE_BYTES);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
