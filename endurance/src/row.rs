//! A fault and the proof that it is survived.

use crate::Figures;

/// A fault and the proof that it is survived.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its number in the table.
    pub number: u8,
    /// What goes wrong.
    pub fault: &'static str,
    /// What must then happen.
    pub must: &'static str,
    /// What provokes it and measures.
    pub proof: Proof,
}

/// What provokes a fault and measures what happens.
#[derive(Clone, Copy, Debug)]
pub enum Proof {
    /// Run here.
    Here(fn(Tier) -> Outcome),
    /// Tests of another crate, which this one has no access to: `cargo test -p PACKAGE -- FILTER`. Lines of their
    /// output that begin with `figure: ` are the figures; one that begins with `skipped: ` says what the machine lacks.
    There {
        /// The crate.
        package: &'static str,
        /// What the tests' names contain.
        filter: &'static str,
    },
    /// As [`There`](Self::There), in every order of threads that `shuttle` can think of:
    /// `RUSTFLAGS="--cfg shuttle" cargo test -p PACKAGE --lib shuttle --target-dir target/shuttle`.
    Ordered {
        /// The crate.
        package: &'static str,
    },
}

/// How much is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Enough to see a change that breaks it.
    Ci,
    /// The stated number.
    Full,
}

impl Tier {
    /// The number for this tier.
    #[must_use]
    pub fn pick<T>(self, ci: T, full: T) -> T {
        match self {
            Self::Ci => ci,
            Self::Full => full,
        }
    }
}

/// What was measured, or why that does not stand.
pub type Outcome = Result<Figures, Unmet>;

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
