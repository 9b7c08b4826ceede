//! How a name is spelled, apart from what it says.

/// The letters and digits of a name, in capitals: `ANALYTICSFLUSHAT` of `analytics.flush-at`, and of the same behind
/// the `export` of a line that was taken for a name. Of two beginnings the second counts: `ANALYTICS_POSTHOG_HOST`.
pub(super) fn letters(name: &str) -> String {
    let name = name.trim_start().strip_prefix("export ").unwrap_or(name);
    let letters = name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_uppercase);
    let letters: String = letters.collect();
    match letters.strip_prefix(OURS) {
        Some(vendors) if vendors.starts_with(VENDORS) => vendors.to_owned(),
        _ => letters,
    }
}

/// The beginning of the names that are this crate's own, as its letters.
pub(super) const OURS: &str = "ANALYTICS";

/// The beginning of PostHog's own names.
const VENDORS: &str = "POSTHOG";

/// The beginnings of the names that are read here.
pub(super) const FAMILY: [&str; 2] = [OURS, VENDORS];

/// A name's letters in two: the beginning, if it is one of the [`FAMILY`]'s, and the rest.
pub(super) fn split(letters: &str) -> (&'static str, &str) {
    let begins = |prefix: &&'static str| Some((*prefix, letters.strip_prefix(*prefix)?));
    FAMILY.iter().find_map(begins).unwrap_or(("", letters))
}
