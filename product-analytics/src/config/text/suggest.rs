//! Did you mean …?

use strsim::levenshtein;

/// The one of `known` that `word` is most likely a misspelling of, if one is near enough. Its case does not count.
pub(crate) fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (levenshtein(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= (word.chars().count() / 3).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(closest("PostHog", ["auto", "posthog"]), Some("posthog"));
        assert_eq!(closest("nop", ["noop", "log"]), Some("noop"));
        assert_eq!(closest("kafka", ["noop", "log"]), None);
    }
}
