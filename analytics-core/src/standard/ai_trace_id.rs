//! What holds the calls of one conversation together.

use std::fmt;

/// What holds the model calls of one conversation or one task together: a UUID, or an id of the service's own.
///
/// ```
/// use analytics_core::AiTraceId;
///
/// assert!(AiTraceId::new("d9222e05-8708-41b8-98ea-d4a21849e761").is_ok());
/// assert!(AiTraceId::new("a conversation").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AiTraceId<'a>(&'a str);

/// A text cannot be a trace's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAiTraceId;

impl fmt::Display for InvalidAiTraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a trace's id has ASCII letters, digits and the characters -_~.@()!':| only, and at least one of these",
        )
    }
}

impl std::error::Error for InvalidAiTraceId {}

impl<'a> AiTraceId<'a> {
    /// `id` as a trace's id.
    ///
    /// # Errors
    /// If it is empty or has another character than ASCII letters, digits and `-_~.@()!':|`, which a backend may not
    /// take.
    pub fn new(id: &'a str) -> Result<Self, InvalidAiTraceId> {
        let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.@()!':|".contains(&byte);
        if !id.is_empty() && id.bytes().all(is_taken) { Ok(Self(id)) } else { Err(InvalidAiTraceId) }
    }

    /// The id as a text.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_is_taken_and_none_beside() {
        for byte in 0..=u8::MAX {
            let text = char::from(byte).to_string();
            let is_listed = "-_~.@()!':|".contains(&text) || text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert_eq!(AiTraceId::new(&text).is_ok(), is_listed, "{text:?}");
        }
        assert_eq!(AiTraceId::new(""), Err(InvalidAiTraceId));
        assert_eq!(AiTraceId::new("a b"), Err(InvalidAiTraceId));
        assert_eq!(AiTraceId::new("conv-1").map(AiTraceId::as_str), Ok("conv-1"));
    }
}
