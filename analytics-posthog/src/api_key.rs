//! A project's key, parsed once.

use std::fmt;

/// The longest key that PostHog takes, in bytes.
const MAX_BYTES: usize = 64;

/// A PostHog project's key, the one that may be public: `phc_…`.
///
/// It is shown as its [fingerprint](Self::fingerprint) only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(Box<str>);

/// Why a text is not a project's key. It never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApiKey {
    /// There is nothing in it.
    #[error("the key is blank; PostHog shows it under Settings, Project, \"Project API key\"")]
    Blank,
    /// It is a personal key, which can read and change a project.
    #[error(
        "this is a personal API key (phx_…), which must stay secret; events need the project's key (phc_…), which \
         PostHog shows under Settings, Project. Revoke the personal key if it was written anywhere"
    )]
    Personal,
    /// It is too long.
    #[error("the key has {0} bytes, PostHog takes at most 64; was something else pasted?")]
    TooLong(usize),
    /// It has a character that no key has.
    #[error("the key has a space, a control character or one beyond ASCII; was something else pasted?")]
    Character,
}

impl ApiKey {
    /// Parses a key. White space around it is cut off.
    ///
    /// # Errors
    /// If PostHog would refuse the key by its shape. Whether a project owns it only PostHog knows.
    pub fn parse(text: &str) -> Result<Self, InvalidApiKey> {
        let text = text.trim();
        if text.is_empty() {
            Err(InvalidApiKey::Blank)
        } else if text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("phx_")) {
            Err(InvalidApiKey::Personal)
        } else if text.len() > MAX_BYTES {
            Err(InvalidApiKey::TooLong(text.len()))
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Err(InvalidApiKey::Character)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The key itself, for the wire.
    pub(crate) fn expose(&self) -> &str {
        &self.0
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
    fn a_key_that_posthog_refuses_by_its_shape_is_refused_without_showing_it() {
        let long = "p".repeat(65);
        for (text, expected) in [
            ("", InvalidApiKey::Blank),
            (" \t", InvalidApiKey::Blank),
            ("phx_secret", InvalidApiKey::Personal),
            ("PHX_secret", InvalidApiKey::Personal),
            (&long, InvalidApiKey::TooLong(65)),
            ("phc_a b", InvalidApiKey::Character),
            ("phc_\u{0}", InvalidApiKey::Character),
            ("phc_ä", InvalidApiKey::Character),
        ] {
            let error = ApiKey::parse(text).unwrap_err();
            assert_eq!(error, expected);
            assert!(!error.to_string().contains("secret_"), "{error}");
        }
    }
}
