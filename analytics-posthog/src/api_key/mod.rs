//! A project's key, parsed once.

mod cause;
mod example;
mod file;
mod invalid;

use std::fmt;
use std::str::FromStr;

pub use self::file::KeyFileError;
pub use self::invalid::InvalidApiKey;

/// A PostHog project's key, the one that may be public: `phc_…`.
///
/// It is shown as its [fingerprint](Self::fingerprint) only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(Box<str>);

impl ApiKey {
    /// Parses a key. White space around it is cut off.
    ///
    /// A key is one to 64 ASCII letters, digits, underscores and hyphens: PostHog makes them of `phc_` and letters and
    /// digits, and made them without `phc_` before. What of that cannot be a project's key is refused as well: other
    /// kinds of PostHog's keys, what examples write in a key's place, several keys, ids.
    ///
    /// ```
    /// use analytics_posthog::{ApiKey, InvalidApiKey, InvalidText};
    ///
    /// assert!(ApiKey::parse("phc_test").is_ok());
    /// assert_eq!(ApiKey::parse("'phc_test'"), Err(InvalidApiKey::Text(InvalidText::Quoted)));
    /// assert_eq!(ApiKey::parse("phc_your_key_here"), Err(InvalidApiKey::Example));
    /// ```
    ///
    /// # Errors
    /// With the cause and what to do about it. Whether a project owns the key only PostHog knows.
    pub fn parse(text: &str) -> Result<Self, InvalidApiKey> {
        let text = text.trim();
        match cause::of(text) {
            Some(cause) => Err(cause),
            None => Ok(Self(text.into())),
        }
    }

    /// The key itself, for the wire.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What is unlike the keys that PostHog makes, if anything: `phc_` and 43 or 44 characters.
    ///
    /// Keys of old projects and of one's own servers may differ, and are keys.
    #[must_use]
    pub fn oddity(&self) -> Option<&'static str> {
        if !self.0.starts_with("phc_") {
            Some("does not begin with phc_")
        } else if self.0.len() < 40 {
            Some("is shorter than PostHog's keys")
        } else {
            None
        }
    }

    /// The first 8 characters and the last 2: enough to tell two keys apart, too little to use one.
    ///
    /// A short key, which no project of PostHog's cloud has, shows its first 4 only.
    #[must_use]
    pub fn fingerprint(&self) -> impl fmt::Display + use<'_> {
        struct Fingerprint<'k>(&'k str);

        impl fmt::Display for Fingerprint<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (head, tail) = if self.0.len() < 20 { (4, 0) } else { (8, 2) };
                // Parsed keys are ASCII, so every place is a boundary.
                let head = self.0.get(..head).unwrap_or_default();
                let tail = self.0.get(self.0.len() - tail..).unwrap_or_default();
                write!(f, "{head}…{tail}")
            }
        }

        Fingerprint(&self.0)
    }
}

/// As [`ApiKey::parse`].
impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, InvalidApiKey> {
        Self::parse(text)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn a_key_is_shown_as_its_fingerprint_only() {
        let key = ApiKey::parse(&format!(" {KEY}\n")).unwrap();
        assert_eq!(key.expose(), KEY);
        assert_eq!(format!("{key:?} {}", key.fingerprint()), "ApiKey(phc_abcd…FG) phc_abcd…FG");
        assert_eq!(ApiKey::parse("phc_local").unwrap().fingerprint().to_string(), "phc_…");
        assert_eq!(ApiKey::parse("abc").unwrap().fingerprint().to_string(), "…");
    }

    #[test]
    fn what_is_unlike_posthogs_keys_is_odd_and_a_key_all_the_same() {
        for (text, oddity) in [
            (KEY, None),
            ("phc_test", Some("is shorter than PostHog's keys")),
            ("sTMFPsFhdP1Ssg", Some("does not begin with phc_")),
        ] {
            assert_eq!(ApiKey::parse(text).unwrap().oddity(), oddity, "{text}");
        }
    }
}
