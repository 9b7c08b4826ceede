//! What surrounds a service, and what people write for it and into its events.

mod bare_machine;
mod delivered;
mod environment;
mod ids;
mod key_and_host;
mod metrics;
mod odd_events;
mod ready_json;
mod reserved;
mod start;

use crate::harness::Subprocess;
use crate::row::Row;

/// The rows about what surrounds a service.
#[must_use]
pub fn rows() -> Vec<Row> {
    vec![
        bare_machine::ROW,
        environment::ROW,
        key_and_host::ROW,
        ready_json::ROW,
        reserved::ROW,
        ids::ROW,
        metrics::ROW,
        odd_events::ROW,
    ]
}

/// What runs in a process of its own.
#[must_use]
pub fn subprocesses() -> Vec<Subprocess> {
    vec![start::SUBPROCESS, metrics::SUBPROCESS]
}
