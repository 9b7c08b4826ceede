//! The queue, threads, runtimes, shutdown; the content of events; the process and its time.
//!
//! It is about Linux: signals, limits, `/proc`.

pub(crate) mod child;
mod content;
mod host;
mod key;
mod life;
pub(crate) mod log_lines;
mod measure;
mod plain_user;
mod queue;
pub(crate) mod scene;

use crate::Row;

/// The rows about the process.
#[must_use]
pub fn rows() -> Vec<Row> {
    [queue::rows(), content::rows(), life::rows(), host::rows(), vec![key::ROW]].concat()
}

/// What runs in a process of its own.
pub type Victim = (&'static str, fn(&[String]));

/// The victims, by name.
#[must_use]
pub fn victims() -> Vec<Victim> {
    [queue::victims(), content::victims(), life::victims(), host::victims(), vec![key::VICTIM]].concat()
}
