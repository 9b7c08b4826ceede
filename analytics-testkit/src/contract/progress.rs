//! What the suite says while it runs.

use std::io::{Write as _, stderr};
use std::time::Duration;

use super::clauses::Clause;
use super::runtime::Runtime;

/// Tells that a clause is done. The test harness shows it with what else a test printed.
#[expect(clippy::print_stderr, reason = "a test's output is the harness's to keep or to show")]
pub(super) fn done(Clause { number, says, .. }: Clause, is_kept: bool) {
    eprintln!("sink contract: clause {number}, {says}: {}", if is_kept { "kept" } else { "broken" });
}

/// Tells that a clause is waited for, at once: the harness would keep it until the test ends.
pub(super) fn waiting(clause: Clause, runtime: Runtime, waited: Duration, patience: Duration) {
    let Clause { number, says, .. } = clause;
    let line = format!(
        "sink contract: clause {number}, {says}: nothing came back for {waited:?} {runtime}; it counts as blocked \
         after {patience:?}\n"
    );
    // Where stderr is closed nobody wants to know.
    stderr().write_all(line.as_bytes()).unwrap_or_default();
}
