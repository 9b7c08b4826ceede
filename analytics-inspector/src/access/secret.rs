//! A text that only those know who were told.

use std::fmt;
use std::hint::black_box;
use std::io;

const RANDOM_BYTES: usize = 16;
const MIN_CHARS: usize = 16;
const MAX_CHARS: usize = 128;

/// A secret. It shows itself to nobody who does not ask for it by name.
pub(super) struct Secret(String);

impl Secret {
    /// 128 random bits of the operating system, in hexadecimal digits.
    pub(super) fn random() -> io::Result<Self> {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes)
            .map_err(|error| io::Error::other(format!("no random bytes for a token: {error}")))?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(bytes))))
    }

    /// A secret that somebody chose.
    ///
    /// # Errors
    ///
    /// It is too easy to guess, or has characters that a header, a cookie or an address would change. The text says
    /// what it may have, and nothing of what it has.
    pub(super) fn given(text: String) -> Result<Self, String> {
        let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !text.bytes().all(is_safe) {
            return Err("a token has letters, digits and -._~ only; without one a random token is made".to_owned());
        }
        if !(MIN_CHARS..=MAX_CHARS).contains(&text.len()) {
            return Err(format!(
                "a token has {MIN_CHARS} to {MAX_CHARS} characters, not {}; without one a random token is made",
                text.len()
            ));
        }
        Ok(Self(text))
    }

    /// Whether this is the secret. However much of it is right, telling takes as long; its length is none.
    pub(super) fn is(&self, text: &str) -> bool {
        let difference = self.0.bytes().zip(text.bytes()).fold(0, |all, (own, other)| black_box(all | (own ^ other)));
        self.0.len() == text.len() && difference == 0
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_secrets_differ_and_are_secrets_that_could_be_given() {
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.reveal().len(), 2 * RANDOM_BYTES);
        assert!(Secret::given(one.reveal().to_owned()).unwrap().is(one.reveal()));
    }

    #[test]
    fn a_secret_is_itself_and_nothing_near_it() {
        let secret = Secret::given("correct-horse-battery".to_owned()).unwrap();
        assert!(secret.is("correct-horse-battery"));
        for text in [
            "",
            "c",
            "correct-horse-batterz",
            "xorrect-horse-battery",
            "correct-horse-battery ",
            "correct-horse-batter",
        ] {
            assert!(!secret.is(text), "{text}");
        }
    }

    #[test]
    fn what_could_be_guessed_or_would_be_changed_on_its_way_is_refused_without_being_told() {
        for text in
            ["", "short", "with space in it, but long", "semicolon;semicolon", "schlüsselschlüssel", "a=b&c=d&e=f&g=h"]
        {
            let error = Secret::given(text.to_owned()).unwrap_err();
            assert!(error.contains("a random token is made"), "{error}");
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
        assert!(Secret::given("x".repeat(MAX_CHARS + 1)).is_err());
    }

    #[test]
    fn nothing_shows_it_by_accident() {
        let secret = Secret::given("correct-horse-battery".to_owned()).unwrap();
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret Secret");
    }
}
