//! Why a value was not written.

use std::fmt;

use crate::ledger::DropReason;

/// Why a value could not be written as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// It is over the limit of bytes.
    TooLarge,
    /// It is nested deeper than the limit, which is so many levels.
    TooDeep(usize),
    /// It holds NaN or an infinity, which JSON cannot carry.
    NotFinite,
    /// Its `Serialize` failed, or has a map key that is no string.
    Failed(String),
}

impl JsonError {
    /// A value's `Display` returned an error.
    pub(crate) fn display_failed() -> Self {
        Self::Failed("its Display failed".to_owned())
    }

    /// The reason under which an event with such a value is dropped; `None` where only the property is.
    #[must_use]
    pub fn drop_reason(&self) -> Option<DropReason> {
        match self {
            Self::TooLarge => Some(DropReason::TooLarge),
            Self::TooDeep(_) => Some(DropReason::TooDeep),
            Self::NotFinite => None,
            Self::Failed(_) => Some(DropReason::Unencodable),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("over the limit of bytes"),
            Self::TooDeep(levels) => write!(f, "nested deeper than {levels} levels"),
            Self::NotFinite => f.write_str("NaN or an infinity, which JSON cannot carry"),
            Self::Failed(why) => write!(f, "cannot be serialized: {why}"),
        }
    }
}

impl std::error::Error for JsonError {}

impl serde::ser::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Failed(message.to_string())
    }
}
