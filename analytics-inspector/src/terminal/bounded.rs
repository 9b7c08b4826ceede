//! A line that ends, however long the text is.

use std::fmt::{self, Write};

use super::escape::{Escaper, Shown};

/// The most bytes that a line has, without its line break: with it, 1 KiB.
pub const MAX_LINE_BYTES: usize = 1_023;

const ELLIPSIS: char = '…';

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
    let mut written = String::new();
    // Writing to a string cannot fail.
    BoundedLine::write_to(&mut written, |line| line.write_text(text.chars())).unwrap_or_default();
    written
}

/// Writes a line up to its bound. A write that does not fit is an error, so that whoever writes stops there.
pub(crate) struct BoundedLine<'a> {
    out: &'a mut dyn Write,
    left: usize,
    is_cut: bool,
}

impl<'a> BoundedLine<'a> {
    /// Gives `write` a line of `out` to write.
    ///
    /// # Errors
    ///
    /// What `out` says. That the line is full is none.
    pub(crate) fn write_to(out: &'a mut dyn Write, write: impl FnOnce(&mut Self) -> fmt::Result) -> fmt::Result {
        let mut line = Self { out, left: MAX_LINE_BYTES - ELLIPSIS.len_utf8(), is_cut: false };
        match write(&mut line) {
            Err(fmt::Error) if line.is_cut => Ok(()),
            written => written,
        }
    }

    /// Writes text from elsewhere.
    pub(crate) fn write_text(&mut self, text: impl IntoIterator<Item = char>) -> fmt::Result {
        let mut escaper = Escaper::new();
        text.into_iter().try_for_each(|character| self.write_shown(escaper.next(character)))
    }

    /// Writes a character of our own.
    pub(crate) fn write_own(&mut self, character: char) -> fmt::Result {
        self.write_shown(Shown::AsItIs(character))
    }

    fn write_shown(&mut self, shown: Shown) -> fmt::Result {
        match self.left.checked_sub(shown.bytes()) {
            Some(left) if !self.is_cut => {
                self.left = left;
                write!(self.out, "{shown}")
            }
            _ => {
                if !std::mem::replace(&mut self.is_cut, true) {
                    self.out.write_char(ELLIPSIS)?;
                }
                Err(fmt::Error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_of_the_most_bytes_is_whole_and_a_longer_one_is_cut_between_characters() {
        let most = MAX_LINE_BYTES - ELLIPSIS.len_utf8();
        assert_eq!(line(&"x".repeat(most)), "x".repeat(most));
        assert_eq!(line(&"x".repeat(most + 1)), format!("{}…", "x".repeat(most)));
        let escaped = line(&"\u{202e}".repeat(5_000));
        assert_eq!(escaped, format!("{}…", r"\u{202e}".repeat(most / 8)));
    }

    #[test]
    fn what_is_written_behind_the_end_changes_nothing() {
        let mut written = String::new();
        let result = BoundedLine::write_to(&mut written, |line| {
            let full = line.write_text("x".repeat(2_000).chars());
            assert_eq!((full, line.write_own('y')), (Err(fmt::Error), Err(fmt::Error)));
            Err(fmt::Error)
        });
        assert_eq!((result, written.ends_with("x…")), (Ok(()), true));
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
