//! Values, from the text that people write.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::config::errors::Invalid;
use crate::config::text::closest;
use crate::config::text::invalid;
use crate::config::text::shown::Shown;

/// A choice between a few words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// What the words choose, with its article: `a backend`.
    const WHAT: &'static str;
    /// All words and what they mean.
    const WORDS: &'static [(&'static str, Self)];

    /// The word for this choice.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, choice)| *choice == self).map_or("", |(word, _)| word)
    }
}

/// One of the words, spelled exactly.
pub(crate) fn word<W: Word>(text: &str) -> Result<W, Invalid> {
    let words = || W::WORDS.iter().map(|(word, _)| *word);
    match W::WORDS.iter().find(|(word, _)| *word == text) {
        Some((_, choice)) => Ok(*choice),
        None => Err(match closest(text, words()) {
            Some(word) => invalid(text, W::WHAT, &format!("did you mean {word}?")),
            None => invalid(text, W::WHAT, &format!("use {}", words().collect::<Vec<_>>().join(", "))),
        }),
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

/// A number of things, at least one.
pub(crate) fn count(text: &str) -> Result<NonZeroUsize, Invalid> {
    text.parse().map_err(|_| invalid(text, "a number of at least 1", "write digits only, as in 1000"))
}

/// A number of retries.
pub(crate) fn retries(text: &str) -> Result<u32, Invalid> {
    text.parse().map_err(|_| invalid(text, "a number of retries", "write digits only, as in 5"))
}

/// A number of bytes, at least one: `8MiB`, `64KiB`, `1048576`.
pub(crate) fn size(text: &str) -> Result<NonZeroUsize, Invalid> {
    const FIX: &str = "write bytes, or a unit of KiB, MiB or GiB, as in 8MiB";
    bytes(text).and_then(NonZeroUsize::new).ok_or_else(|| invalid(text, "a size", FIX))
}

/// A number of bytes from which on something is done: as [`size`], and `0`.
pub(crate) fn threshold(text: &str) -> Result<usize, Invalid> {
    const FIX: &str = "write bytes, or a unit of KiB, MiB or GiB, as in 1KiB, or 0";
    bytes(text).ok_or_else(|| invalid(text, "a size", FIX))
}

fn bytes(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim_start() {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(1 << shift)
}

/// Bytes in the largest unit that needs no fraction: what [`size`] and [`threshold`] read.
pub(crate) fn size_text(bytes: usize) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.iter().find(|(shift, _)| bytes != 0 && bytes.trailing_zeros() >= *shift) {
        Some((shift, unit)) => format!("{}{unit}", bytes >> shift),
        None => bytes.to_string(),
    }
}

/// A duration with its units, longer than nothing: `250ms`, `5s`, `1h 30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, Invalid> {
    match humantime::parse_duration(text) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(invalid(text, "a duration", "write a number with a unit, as in 5s, 250ms or 1h 30m")),
    }
}

/// That the text is not what it should be; or the cause, if something else has to be mended first.
fn invalid(text: &str, what: &str, fix: &str) -> Invalid {
    let of_form = || Invalid { problem: format!("{} is not {what}", Shown(text)), fix: fix.to_owned() };
    invalid::cause(text).unwrap_or_else(of_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_units_or_none() {
        for (text, bytes) in [("1", 1), ("512B", 512), ("64KiB", 65_536), ("8 MiB", 8 << 20), ("1GiB", 1 << 30)] {
            assert_eq!(size(text).unwrap().get(), bytes, "{text}");
        }
        for text in
            ["", "0", "0MiB", "MiB", "8MB", "8mib", "1.5MiB", "-1", "+1", "99999999999999999999", "17179869184GiB"]
        {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_size_is_written_as_it_is_read() {
        for (bytes, text) in [(1, "1"), (1_000, "1000"), (65_536, "64KiB"), (3 << 20, "3MiB"), (1 << 30, "1GiB")] {
            assert_eq!(size_text(bytes), text);
            assert_eq!((size(text).unwrap().get(), threshold(text).unwrap()), (bytes, bytes));
        }
        assert_eq!((size_text(0).as_str(), threshold("0").unwrap(), threshold("0KiB").unwrap()), ("0", 0, 0));
        assert!(threshold("").is_err() && threshold("none").unwrap_err().fix.ends_with("or 0"));
    }

    #[test]
    fn durations_need_a_unit_and_a_length() {
        assert_eq!(duration("250ms").unwrap(), Duration::from_millis(250));
        assert_eq!(duration("1h 30m").unwrap(), Duration::from_secs(5_400));
        for text in ["5", "0", "0s", "5 parsecs", "-5s", "soon"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_four_words_are_booleans() {
        assert_eq!(["true", "1", "false", "0"].map(|text| boolean(text).unwrap()), [true, true, false, false]);
        for text in ["yes", "True", "on", "", "2"] {
            assert!(boolean(text).is_err(), "{text}");
        }
    }
}
