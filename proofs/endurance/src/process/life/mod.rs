//! The process and its time.

mod clock;
mod exit;
mod frozen;
mod memory;
mod soak;
mod term;
mod times;
mod wall;

use crate::harness::Subprocess;
use crate::row::Row;

pub(super) fn rows() -> Vec<Row> {
    vec![clock::ROW, wall::ROW, frozen::ROW, term::ROW, exit::ROW, memory::ROW, times::ROW, soak::ROW, soak::LONG_ROW]
}

pub(super) fn subprocesses() -> Vec<Subprocess> {
    vec![wall::SUBPROCESS, frozen::SUBPROCESS, term::SUBPROCESS, exit::SUBPROCESS, memory::SUBPROCESS, soak::SUBPROCESS]
}
