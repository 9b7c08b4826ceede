//! What the host does to its own process: it forks, its code panics, its threads are limited; and what it is told, in time.

mod callbacks;
mod fork;
mod ids;
mod thread_limit;
mod told;

use crate::Row;
use crate::process::Victim;

pub(super) fn rows() -> Vec<Row> {
    vec![fork::ROW, ids::ROW, callbacks::ROW, thread_limit::ROW, told::SHUTDOWN, told::FLUSH]
}

pub(super) fn victims() -> Vec<Victim> {
    vec![fork::VICTIM, ids::VICTIM, ids::SNAPSHOT, callbacks::VICTIM, thread_limit::VICTIM, told::SHORT]
}
