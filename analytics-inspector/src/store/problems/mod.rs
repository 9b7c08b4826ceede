//! What was sent and is not stored, and what to change.

mod find;
mod problem;
mod refused;
mod reused;
mod snapshot;

pub use self::problem::{Problem, Problems};
