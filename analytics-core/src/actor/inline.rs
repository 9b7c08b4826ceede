//! A short text that needs no allocation.

use std::fmt;

/// A hyphenated UUID; the longest 64-bit number has 20 digits.
const CAPACITY: usize = 36;

/// A text of at most 36 bytes.
#[derive(Clone, Copy)]
pub(super) struct InlineText {
    len: u8,
    bytes: [u8; CAPACITY],
}

impl InlineText {
    pub(super) const fn new() -> Self {
        Self { len: 0, bytes: [0; CAPACITY] }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        self.bytes.get(..usize::from(self.len)).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// What does not fit is an error, and leaves the text as it was.
impl fmt::Write for InlineText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let from = usize::from(self.len);
        let place = self.bytes.get_mut(from..from + text.len()).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.len += u8::try_from(text.len()).map_err(|_| fmt::Error)?;
        Ok(())
    }
}
