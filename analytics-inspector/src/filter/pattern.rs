//! What a text is compared with.

use super::word::Word;

/// A text, or its beginning and its end: the page shows long ids shortened, and people paste what they see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    Whole(String),
    Ends { start: String, end: String },
}

impl Pattern {
    /// `018f…9a41` and `018f…` are parts of a text, and so is `018f*` with a star at its end.
    pub(super) fn of(word: &Word) -> Self {
        if let Some((start, _, end)) = word.split(&["…"]) {
            return Self::Ends { start: start.text(), end: end.text() };
        }
        match word.split(&["*"]) {
            Some((start, _, rest)) if rest.text().is_empty() => Self::Ends { start: start.text(), end: String::new() },
            _ => Self::Whole(word.text()),
        }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Whole(whole) => whole == text,
            Self::Ends { start, end } => text.strip_prefix(start.as_str()).is_some_and(|rest| rest.ends_with(end)),
        }
    }

    /// The text, or the longest part that has to be in it.
    pub(super) fn longest_part(&self) -> &str {
        match self {
            Self::Whole(whole) => whole,
            Self::Ends { start, end } if end.len() > start.len() => end,
            Self::Ends { start, .. } => start,
        }
    }
}
