//! The runtimes on which a sink has to work, and none.

use std::fmt;
use std::panic::resume_unwind;

use analytics_core::block_on;

use super::clauses::Checking;

/// Where a clause is checked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Runtime {
    None,
    CurrentThread,
    MultiThread,
}

impl Runtime {
    pub(super) const ALL: [Self; 3] = [Self::None, Self::CurrentThread, Self::MultiThread];

    /// Runs a check to its end on this thread.
    pub(super) fn run(self, check: Checking) -> Result<(), String> {
        use tokio::runtime::Builder;

        let built = match self {
            Self::None => return block_on(check),
            Self::CurrentThread => Builder::new_current_thread().enable_all().build(),
            Self::MultiThread => Builder::new_multi_thread().worker_threads(2).enable_all().build(),
        };
        let runtime = built.map_err(|error| format!("no runtime could be built: {error}"))?;
        let result = match self {
            // On a worker, as a service's handlers are.
            Self::MultiThread => runtime.block_on(async {
                tokio::spawn(check).await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
            }),
            _ => runtime.block_on(check),
        };
        runtime.shutdown_background();
        result
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "without a runtime",
            Self::CurrentThread => "on a current-thread runtime",
            Self::MultiThread => "on a multi-thread runtime",
        })
    }
}
