//! Strings, as [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-7) spells them.

use std::fmt::{self, Write as _};

use crate::bytes::find_escape;

/// Appends `text` as a JSON string, quotes included.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    write_escaped(out, text);
    out.push(b'"');
}

/// Appends what `value` displays as a JSON string, without building it first.
///
/// A `Display` that fails ends the string early; it is valid JSON all the same.
///
/// # Errors
/// The `Display`'s own.
pub fn write_display(out: &mut Vec<u8>, value: &dyn fmt::Display) -> fmt::Result {
    out.push(b'"');
    let result = write!(Escaping { out, end: usize::MAX, is_full: false }, "{value}");
    out.push(b'"');
    result
}

/// Escapes what is written into it, and fails once `out` is `end` bytes long.
pub(super) struct Escaping<'o> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) end: usize,
    /// Whether that is why it failed.
    pub(super) is_full: bool,
}

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.out.len().saturating_add(text.len()) > self.end {
            self.is_full = true;
            return Err(fmt::Error);
        }
        write_escaped(self.out, text);
        Ok(())
    }
}

pub(super) fn write_escaped(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some(at) = find_escape(rest) {
        let (clean, from) = rest.split_at(at);
        out.extend_from_slice(clean);
        if let Some((byte, after)) = from.split_first() {
            write_escape(out, *byte);
            rest = after;
        }
    }
    out.extend_from_slice(rest);
}

/// What `text` takes once it is escaped.
pub(crate) fn escaped_len(text: &str) -> usize {
    let one = |byte: u8| match byte {
        b'"' | b'\\' | 0x08 | 0x0c | b'\n' | b'\r' | b'\t' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(one).sum()
}

/// DEL and all beyond ASCII stand for themselves.
fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0c => out.extend_from_slice(b"\\f"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        control => {
            let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(control >> 4), digit(control & 0x0f)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_takes_is_what_is_written() {
        for code in 0..=0x2030_u32 {
            let text: String = char::from_u32(code).into_iter().chain("a\"".chars()).collect();
            let mut out = Vec::new();
            write_escaped(&mut out, &text);
            assert_eq!(escaped_len(&text), out.len(), "{code:x}");
        }
    }
}
