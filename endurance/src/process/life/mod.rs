//! The process and its time.

mod clock;
mod exit;
mod frozen;
mod memory;
mod soak;
mod term;
mod times;
mod wall;

use crate::Row;
use crate::process::Victim;

pub(super) fn rows() -> Vec<Row> {
    vec![clock::ROW, wall::ROW, frozen::ROW, term::ROW, exit::ROW, memory::ROW, times::ROW, soak::ROW, soak::LONG_ROW]
}

pub(super) fn victims() -> Vec<Victim> {
    vec![wall::VICTIM, frozen::VICTIM, term::VICTIM, exit::VICTIM, memory::VICTIM, soak::VICTIM]
}
