//! The queue, threads, runtimes, shutdown; the content of events; the process and its time.
//!
//! It is about Linux: signals, limits, `/proc`.

mod content;
mod host;
mod key;
mod life;
mod queue;

use crate::harness::Subprocess;
use crate::row::Row;

/// The rows about the process.
#[must_use]
pub fn rows() -> Vec<Row> {
    [queue::rows(), content::rows(), life::rows(), host::rows(), vec![key::ROW]].concat()
}

/// The subprocesses, by name.
#[must_use]
pub fn subprocesses() -> Vec<Subprocess> {
    [queue::subprocesses(), content::subprocesses(), life::subprocesses(), host::subprocesses(), vec![key::SUBPROCESS]]
        .concat()
}
