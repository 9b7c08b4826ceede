//! Values, from the text that people write.

use crate::config::errors::Invalid;
use crate::config::text::closest;
use crate::config::text::invalid;
use crate::config::text::redacted::Redacted;

/// That the text is none of the words that choose this.
pub(crate) fn no_word(text: &str, what: &str, words: &[&str]) -> Invalid {
    match closest(text, words.iter().copied()) {
        Some(word) => invalid(text, what, &format!("did you mean {word}?")),
        None => invalid(text, what, &format!("use {}", words.join(", "))),
    }
}

/// `true`, `1`, `false` or `0`, and nothing else.
pub(crate) fn boolean(text: &str) -> Result<bool, Invalid> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(invalid(other, "a boolean", "use true, 1, false or 0")),
    }
}

/// That the text is not what it should be; or the cause, if something else has to be mended first.
pub(crate) fn invalid(text: &str, what: &str, fix: &str) -> Invalid {
    let of_form = || Invalid { problem: format!("{} is not {what}", Redacted(text)), fix: fix.to_owned() };
    invalid::cause(text).unwrap_or_else(of_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_words_are_booleans() {
        assert_eq!(["true", "1", "false", "0"].map(|text| boolean(text).unwrap()), [true, true, false, false]);
        for text in ["yes", "True", "on", "", "2"] {
            assert!(boolean(text).is_err(), "{text}");
        }
    }
}
