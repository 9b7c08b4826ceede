//! What the host does to its own process: it forks, its code panics, its threads are limited; and what it is told, in
//! time.

mod callbacks;
mod fork;
mod ids;
mod panicking;
mod thread_limit;
mod told;

use crate::harness::Subprocess;
use crate::row::Row;

pub(super) fn rows() -> Vec<Row> {
    vec![fork::ROW, ids::ROW, callbacks::ROW, thread_limit::ROW, told::SHUTDOWN, told::FLUSH]
}

pub(super) fn subprocesses() -> Vec<Subprocess> {
    vec![fork::SUBPROCESS, ids::SUBPROCESS, ids::SNAPSHOT, callbacks::SUBPROCESS, thread_limit::SUBPROCESS, told::SHORT]
}
