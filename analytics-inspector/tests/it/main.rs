//! The inspector over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, helpers included"
)]

mod api;
mod bounds;
mod client;
mod encodings;
mod faults;
mod lifecycle;
#[cfg(feature = "cli")]
mod program;
mod record;
mod verdicts;

use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions};

/// How long a test waits for what must happen, before it is a failure.
const PATIENCE: Duration = Duration::from_secs(20);

fn inspector() -> Inspector {
    Inspector::start(InspectorOptions::default()).expect("a free port")
}

/// An envelope around these events.
fn batch(events: &[String]) -> String {
    format!(r#"{{"api_key":"phc_x","sent_at":"2026-01-02T03:04:05.678Z","batch":[{}]}}"#, events.join(","))
}

/// An event with a uuid made from a number.
fn event(number: u32) -> String {
    format!(
        r#"{{"uuid":"{}","event":"e","distinct_id":"u","timestamp":"2026-01-02T03:04:05Z","properties":{{"n":{number}}}}}"#,
        uuid(number)
    )
}

fn uuid(number: u32) -> String {
    format!("01890000-0000-7000-8000-{number:012x}")
}

fn events(numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers.map(event).collect()
}
