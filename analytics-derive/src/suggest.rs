//! Did you mean …?

use strsim::levenshtein;

/// The one of `known` that `word` is most likely a misspelling of.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (levenshtein(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["name", "crate", "critical", "lane", "rename"];

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(closest("nmae", KNOWN), Some("name"));
        assert_eq!(closest("nam", KNOWN), Some("name"));
        assert_eq!(closest("renam", KNOWN), Some("rename"));
        assert_eq!(closest("critcal", KNOWN), Some("critical"));
        assert_eq!(closest("flatten", KNOWN), None);
    }

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(listed(&[]), "none");
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
