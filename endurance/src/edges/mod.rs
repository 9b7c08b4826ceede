//! What surrounds a service, and what people write for it.

mod environment;
mod key_and_host;
mod start;

use crate::Row;
use crate::process::Victim;

/// The rows about what surrounds a service.
#[must_use]
pub fn rows() -> Vec<Row> {
    vec![environment::ROW, key_and_host::ROW]
}

/// What runs in a process of its own.
#[must_use]
pub fn victims() -> Vec<Victim> {
    vec![start::VICTIM]
}
