//! A value as a message may show it.

use std::fmt;

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 60;

/// A value as a message may show it: quoted, on one line, cut where it is long, and not at all where it may hold a
/// key or a password. Keys end up in the wrong variable.
pub(crate) struct Shown<'v>(pub(crate) &'v str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = self.0.to_ascii_lowercase();
        if ["phc_", "phx_", "@"].iter().any(|secret| lower.contains(secret)) {
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
        assert_eq!(Shown("a\nb").to_string(), r#""a\nb""#);
        assert_eq!(Shown(&"é".repeat(61)).to_string(), format!("\"{}\"…", "é".repeat(60)));
        for secret in ["phc_abc", "PHX_abc", " phc_", "https://user:password@host"] {
            assert_eq!(Shown(secret).to_string(), "the value (not shown, it may be secret)");
        }
    }
}
