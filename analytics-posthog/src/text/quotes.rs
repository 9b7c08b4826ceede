//! Quotes that came along.

/// Those of shells, of YAML and JSON, and those that word processors put in their place.
const QUOTES: [char; 13] = ['"', '\'', '`', '“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '＂'];

/// Whether the whole stands in quotes.
pub(super) fn is_quoted(text: &str) -> bool {
    let inner = text.trim_matches('\\');
    inner.chars().count() > 1 && inner.starts_with(QUOTES) && inner.ends_with(QUOTES)
}

/// Whether a quote stands at either end, for texts that have none of their own.
pub(crate) fn touches_a_quote(text: &str) -> bool {
    let inner = text.trim_matches('\\');
    inner.starts_with(QUOTES) || inner.ends_with(QUOTES)
}
