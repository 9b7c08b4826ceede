//! The inspector over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, helpers included"
)]

mod access;
mod api;
mod bounds;
mod browsers;
#[cfg(all(feature = "cli", unix))]
mod check;
mod client;
mod encodings;
mod fault_script;
mod fault_wire;
mod faults;
mod lifecycle;
mod limits;
mod oracle;
mod page;
mod problems;
#[cfg(feature = "cli")]
mod program;
mod record;
mod stream;
#[cfg(feature = "cli")]
mod terminal;
#[cfg(feature = "tls")]
mod tls;
mod v1;
mod verdicts;

use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions};

/// How long a test waits for what must happen, before it is a failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// Says what this machine lacks for a test, past the harness that keeps what a passing test prints. Where everything
/// has to be there, that is a failure.
fn skip(why: &str) {
    use std::io::Write as _;
    assert!(std::env::var_os("CI").is_none(), "{why}");
    writeln!(std::io::stderr(), "skipped: {why}").unwrap_or_default();
}

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

fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).expect("room");
    encoder.finish().expect("room")
}

/// A zstd frame of raw blocks and of runs: the one encoding that costs no time where nothing is optimized.
fn zstd(content: &[u8]) -> Vec<u8> {
    const MAX_BLOCK: usize = 128 * 1024;
    const SHORTEST_RUN: usize = 1_024;
    let mut blocks: Vec<(u32, usize, &[u8])> = Vec::new();
    let mut rest = content;
    while let Some(first) = rest.first() {
        let run = rest.iter().take(MAX_BLOCK).take_while(|byte| *byte == first).count();
        if run >= SHORTEST_RUN {
            blocks.push((1, run, &rest[..1]));
            rest = &rest[run..];
        } else {
            let raw = rest.len().min(SHORTEST_RUN);
            blocks.push((0, raw, &rest[..raw]));
            rest = &rest[raw..];
        }
    }
    // The magic number, no checksum, and a window of 128 KiB.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3];
    let last = blocks.len() - 1;
    for (index, (kind, size, bytes)) in blocks.into_iter().enumerate() {
        let size = u32::try_from(size).expect("a small block");
        let header = u32::from(index == last) | kind << 1 | size << 3;
        frame.extend(&header.to_le_bytes()[..3]);
        frame.extend(bytes);
    }
    frame
}
