//! Did you mean …?

use strsim::levenshtein;

/// The one of `known` that `word` is most likely a misspelling of, if one is near enough.
pub(crate) fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = significant(word);
    known
        .into_iter()
        .map(|candidate| (levenshtein(&word, &significant(candidate)), candidate))
        .filter(|(distance, _)| *distance <= (word.chars().count() / 3).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What tells a name from others: neither its case nor the prefix, which `ANALYTICS_HOST` has wrong.
fn significant(word: &str) -> String {
    let lower = word.to_lowercase();
    let rest = lower.strip_prefix("analytics_").or_else(|| lower.strip_prefix("posthog_"));
    rest.map_or(lower.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        for (word, meant) in [
            ("ANALYTICS_BACKED", Some("ANALYTICS_BACKEND")),
            ("ANALYTICS_FLUSHINTERVAL", Some("ANALYTICS_FLUSH_INTERVAL")),
            ("ANALYTICS_HOST", Some("POSTHOG_HOST")),
            ("ANALYTICS_API_KEY", Some("POSTHOG_API_KEY")),
            ("ANALYTICS_DO_NOT_TRACK", Some("DO_NOT_TRACK")),
            ("ANALYTICS_", None),
            ("ANALYTICS_COLOUR", None),
        ] {
            assert_eq!(closest(word, setting::variables()), meant, "{word}");
        }
        assert_eq!(closest("PostHog", ["auto", "posthog"]), Some("posthog"));
        assert_eq!(closest("nop", ["noop", "log"]), Some("noop"));
    }
}
