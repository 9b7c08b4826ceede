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

use crate::Row;
use crate::process::Victim;

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

pub(super) fn victims() -> Vec<Victim> {
    vec![
        large::VICTIM,
        large::HELD,
        matrix::VICTIM,
        panics::VICTIM,
        threads::VICTIM,
        files::VICTIM,
        feedback::VICTIM,
        unwinding::VICTIM,
    ]
}
