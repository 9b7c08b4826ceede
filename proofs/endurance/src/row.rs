//! A fault and the proof that it is survived.

use crate::figures::Figures;
use crate::unmet::Unmet;

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
    Inline(fn(Tier) -> Outcome),
    /// Tests of another crate, which this one has no access to: `cargo test -p PACKAGE -- FILTERS`. Lines of their
    /// output that begin with `figure: ` are the figures; one that begins with `skipped: ` says what the machine lacks.
    External {
        /// The crate.
        package: &'static str,
        /// What the tests' names contain, each one of these.
        filters: &'static [&'static str],
    },
    /// As [`External`](Self::External), in every order of threads that `shuttle` can think of:
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
