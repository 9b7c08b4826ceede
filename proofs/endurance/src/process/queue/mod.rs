//! Queue, threads, runtimes, shutdown.

mod cancelled;
mod closed;
mod dropped;
mod feedback;
mod files;
mod full;
mod large;
mod matrix;
mod panics;
mod producers;
mod races;
mod runtime;
mod slow;
mod stalled;
mod threads;
mod two;
mod unwinding;

use crate::harness::Subprocess;
use crate::row::Row;

pub(super) fn rows() -> Vec<Row> {
    vec![
        full::ROW,
        large::ROW,
        closed::ROW,
        stalled::ROW,
        dropped::ROW,
        matrix::SHUTDOWN,
        cancelled::ROW,
        matrix::DROP,
        runtime::ROW,
        races::ROW,
        races::ORDERS,
        panics::ROW,
        panics::WORKER,
        slow::ROW,
        threads::ROW,
        files::ROW,
        producers::ROW,
        feedback::ROW,
        unwinding::ROW,
        two::ROW,
    ]
}

pub(super) fn subprocesses() -> Vec<Subprocess> {
    vec![
        large::SUBPROCESS,
        large::HELD,
        matrix::SUBPROCESS,
        panics::SUBPROCESS,
        threads::SUBPROCESS,
        files::SUBPROCESS,
        feedback::SUBPROCESS,
        unwinding::SUBPROCESS,
    ]
}
