//! Why a proof has no good figure.

/// Why there is no good figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The machine lacks something; says what and what would bring it.
    Skipped(String),
    /// It was not survived.
    Failed(String),
}

/// What the machine refuses is no proof.
impl From<std::io::Error> for Unmet {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Unmet {
    /// For `map_err`: a row that fails with what an error says.
    pub fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Fails the row unless `condition` holds.
///
/// # Errors
/// [`Unmet::Failed`] with what `message` says.
pub fn ensure(condition: bool, message: impl FnOnce() -> String) -> Result<(), Unmet> {
    if condition { Ok(()) } else { Err(Unmet::Failed(message())) }
}
