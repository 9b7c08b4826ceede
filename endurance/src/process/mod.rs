//! The queue, threads, runtimes, shutdown; the content of events; the process and its time.

use crate::Row;

/// The rows about the process.
#[must_use]
pub fn rows() -> Vec<Row> {
    Vec::new()
}

/// What runs in a process of its own.
pub type Victim = (&'static str, fn(&[String]));

/// The victims, by name.
#[must_use]
pub fn victims() -> Vec<Victim> {
    Vec::new()
}
