//! Long texts, cut where it does not hurt.

use analytics_rules::display::OneLine;

/// The longest line of a record, in characters.
const LINE: usize = 400;
/// The longest value in a difference, in characters.
const VALUE: usize = 160;
/// How much of what two long values share is shown before the place where they part.
const BEFORE: usize = 24;

/// A record's line, cut at its end.
pub(crate) fn line(text: &str) -> String {
    window(text, 0, LINE)
}

/// Two values that differ, both cut so that the place where they part is seen.
pub(crate) fn pair(one: &str, other: &str) -> (String, String) {
    let is_long = |text: &str| text.chars().count() > VALUE;
    let shared = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let from = if is_long(one) || is_long(other) { shared.saturating_sub(BEFORE) } else { 0 };
    (window(one, from, VALUE), window(other, from, VALUE))
}

/// A part of a text, in which nothing breaks the line.
fn window(text: &str, from: usize, width: usize) -> String {
    let mut characters = text.chars().skip(from);
    let cut: String = characters.by_ref().take(width).collect();
    let before = if from > 0 { "…" } else { "" };
    let behind = if characters.next().is_some() { "…" } else { "" };
    format!("{before}{}{behind}", OneLine::new(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_values_are_shown_whole() {
        assert_eq!(pair("abc", "abd"), ("abc".to_owned(), "abd".to_owned()));
    }

    #[test]
    fn nothing_breaks_a_line() {
        assert_eq!(line("two\nlines\u{1b}[31m ö"), r"two\nlines\u{1b}[31m ö");
    }

    #[test]
    fn long_values_are_shown_where_they_part() {
        let (one, other) = (format!("{}ö{}", "a".repeat(1_000), "b".repeat(1_000)), "a".repeat(1_000));
        let (shown_one, shown_other) = pair(&one, &other);
        assert_eq!(shown_one, format!("…{}ö{}…", "a".repeat(BEFORE), "b".repeat(VALUE - BEFORE - 1)));
        assert_eq!(shown_other, format!("…{}", "a".repeat(BEFORE)));
    }
}
