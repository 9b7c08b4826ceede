//! The content of events.

mod deep;
mod heavy;
mod log;
mod names;
mod not_finite;
mod pairs;
mod reserved;
mod text;
mod whole;

use crate::harness::Subprocess;
use crate::row::Row;

pub(super) fn rows() -> Vec<Row> {
    vec![not_finite::ROW, deep::ROW, heavy::ROW, names::ROW, text::ROW, log::ROW, reserved::ROW, whole::ROW]
}

pub(super) fn subprocesses() -> Vec<Subprocess> {
    vec![deep::SUBPROCESS, log::SUBPROCESS]
}
