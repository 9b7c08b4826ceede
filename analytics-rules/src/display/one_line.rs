//! A line that is one line, and ends, whatever the text is.

use std::fmt::{self, Write};

use super::escape::{EscapedChar, Escaper};

const ELLIPSIS: char = '…';

/// A text from outside as a log, a terminal or an error may show it: on one line, with what a terminal obeys and what
/// nobody sees as escapes (`\n`, `\u{202e}`).
///
/// ```
/// use analytics_rules::display::OneLine;
///
/// assert_eq!(OneLine::new(&"all\u{1b}[2J is\nwell").to_string(), r"all\u{1b}[2J is\nwell");
/// assert_eq!(OneLine::new(&"no \"end\"").quoted().at_most(5).to_string(), r#""no \"…""#);
/// ```
#[derive(Clone, Copy)]
pub struct OneLine<'t> {
    text: &'t dyn fmt::Display,
    max_bytes: usize,
    is_quoted: bool,
}

impl<'t> OneLine<'t> {
    /// All of `text`.
    #[must_use]
    pub fn new(text: &'t dyn fmt::Display) -> Self {
        Self { text, max_bytes: usize::MAX, is_quoted: false }
    }

    /// The same, cut so that it shows as at most so many bytes, quotes aside; an ellipsis behind them says so.
    #[must_use]
    pub fn at_most(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }

    /// The same in double quotes, with those inside escaped.
    #[must_use]
    pub fn quoted(self) -> Self {
        Self { is_quoted: true, ..self }
    }
}

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.is_quoted { "\"" } else { "" };
        f.write_str(quote)?;
        LineWriter::write_to(f, self.max_bytes, |line| {
            write!(Text { line, escaper: Escaper::new(), is_quoted: self.is_quoted }, "{}", self.text)
        })?;
        f.write_str(quote)
    }
}

impl fmt::Debug for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Escapes what a `Display` writes, piece by piece.
struct Text<'l, 'w> {
    line: &'l mut LineWriter<'w>,
    escaper: Escaper,
    is_quoted: bool,
}

impl Write for Text<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| {
            let shown = self.escaper.next(character);
            let is_mark = self.is_quoted && matches!(character, '"' | '\\');
            self.line.write_shown(if is_mark { EscapedChar::Escaped(character) } else { shown })
        })
    }
}

/// Writes a line up to its bound. A write that does not fit is an error, so that whoever writes stops there.
pub struct LineWriter<'w> {
    out: &'w mut dyn Write,
    left: usize,
    is_cut: bool,
}

impl<'w> LineWriter<'w> {
    /// Gives `write` a line of `out` to write, of at most so many bytes and then an ellipsis.
    ///
    /// # Errors
    ///
    /// What `out` says. That the line is full is none.
    pub fn write_to(
        out: &'w mut dyn Write,
        max_bytes: usize,
        write: impl FnOnce(&mut Self) -> fmt::Result,
    ) -> fmt::Result {
        let mut line = Self { out, left: max_bytes, is_cut: false };
        match write(&mut line) {
            Err(fmt::Error) if line.is_cut => Ok(()),
            written => written,
        }
    }

    /// Writes text from outside, escaped.
    ///
    /// # Errors
    ///
    /// If the line is full, or `out` fails.
    pub fn write_text(&mut self, text: impl IntoIterator<Item = char>) -> fmt::Result {
        let mut escaper = Escaper::new();
        text.into_iter().try_for_each(|character| self.write_shown(escaper.next(character)))
    }

    /// Writes a character of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`write_text`](Self::write_text).
    pub fn write_own(&mut self, character: char) -> fmt::Result {
        self.write_shown(EscapedChar::AsItIs(character))
    }

    fn write_shown(&mut self, shown: EscapedChar) -> fmt::Result {
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

impl fmt::Debug for LineWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineWriter").field("left", &self.left).field("is_cut", &self.is_cut).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, max_bytes: usize) -> String {
        OneLine::new(&text).at_most(max_bytes).to_string()
    }

    #[test]
    fn a_text_of_the_most_bytes_is_whole_and_a_longer_one_is_cut_between_characters() {
        assert_eq!(cut(&"x".repeat(60), 60), "x".repeat(60));
        assert_eq!(cut(&"x".repeat(61), 60), format!("{}…", "x".repeat(60)));
        assert_eq!(cut(&"\u{202e}".repeat(50), 60), format!("{}…", r"\u{202e}".repeat(7)));
        assert_eq!(cut("ää", 3), "ä…");
    }

    #[test]
    fn what_ends_a_line_or_a_quotation_is_escaped() {
        let text = "line\nbreak \u{1b}[31mred\u{202e} \u{61c}\u{200b}ä \\ \"";
        assert_eq!(OneLine::new(&text).to_string(), "line\\nbreak \\u{1b}[31mred\\u{202e} \\u{61c}\\u{200b}ä \\ \"");
        assert_eq!(OneLine::new(&"a\"\\").quoted().to_string(), r#""a\"\\""#);
    }

    #[test]
    fn a_mark_at_a_seam_of_a_display_joins_the_character_before_it() {
        assert_eq!(OneLine::new(&format_args!("{}{}", "e", "\u{301}")).to_string(), "e\u{301}");
    }

    #[test]
    fn what_is_written_behind_the_end_changes_nothing() {
        let mut written = String::new();
        let result = LineWriter::write_to(&mut written, 1_000, |line| {
            let full = line.write_text("x".repeat(2_000).chars());
            assert_eq!((full, line.write_own('y')), (Err(fmt::Error), Err(fmt::Error)));
            Err(fmt::Error)
        });
        assert_eq!((result, written.len(), written.ends_with("x…")), (Ok(()), 1_003, true));
    }
}
