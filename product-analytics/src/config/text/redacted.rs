//! A value as a message may show it.

use std::fmt;

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 60;

/// What a value has in it that may be secret: the beginnings of PostHog's keys, plain and in base64, and the end of a
/// password in a URL.
const SECRETS: [&str; 7] = ["phc_", "phx_", "phs_", "pha_", "phr_", "cghj", "@"];

/// A value as a message may show it: quoted, on one line, cut where it is long, and not at all where it may hold a
/// key or a password. Keys end up in the wrong variable.
pub(crate) struct Redacted<'v>(pub(crate) &'v str);

/// Whether a text may hold a key or a password.
pub(crate) fn is_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    SECRETS.iter().any(|secret| lower.contains(secret))
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_secret(self.0) {
            return f.write_str("the value (not shown, it may be secret)");
        }
        let short: String = self.0.chars().take(LONGEST).collect();
        if short.len() < self.0.len() { write!(f, "{short:?}…") } else { write!(f, "{short:?}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_and_cut_and_secrets_hidden() {
        assert_eq!(Redacted("a\nb").to_string(), r#""a\nb""#);
        assert_eq!(Redacted(&"é".repeat(61)).to_string(), format!("\"{}\"…", "é".repeat(60)));
        let secrets =
            ["phc_abc", "PHX_abc", " phc_", "phs_abc", "pha_a", "phr_a", "cGhjX2Fi", "https://user:password@host"];
        for secret in secrets {
            assert_eq!(Redacted(secret).to_string(), "the value (not shown, it may be secret)");
        }
    }
}
