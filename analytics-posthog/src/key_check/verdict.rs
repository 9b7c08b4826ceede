//! What a server says of a key.

use std::fmt;

/// What a server says of a project's key. Whatever a server answers is one of the four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyVerdict {
    /// It knows the key.
    Known,
    /// It does not: the key was copied wrongly, belongs to another region or server, or was made moments ago.
    ///
    /// PostHog says the same while it cannot look keys up.
    Unknown,
    /// It cannot be asked, and why: it is no PostHog, or one without this call.
    CannotTell(String),
    /// It did not answer, and why.
    NoAnswer(String),
}

impl fmt::Display for KeyVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known => f.write_str("the key is known"),
            Self::Unknown => f.write_str("the key is not known"),
            Self::CannotTell(why) => write!(f, "whether the key is known cannot be told: {why}"),
            Self::NoAnswer(why) => write!(f, "no answer whether the key is known: {why}"),
        }
    }
}
