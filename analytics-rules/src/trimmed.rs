//! White space around an id, which is no part of it.

/// `text` without white space around it, which next to no id has.
#[inline]
#[must_use]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}
