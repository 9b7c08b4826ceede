//! Text from outside that would forge log lines.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use analytics_core::{Actor, DynamicEvent};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::figures::{Figures, bytes};
use crate::harness::fixture::{LONG, OrFail, attempt, sink};
use crate::harness::log_lines::Lines;
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 71,
    fault: "line breaks and terminal escapes in an event's name, in the server's answer, in a header",
    must: "never logged as they are; of an answer no more than 200 bytes are shown",
    proof: Proof::Inline(log),
};

/// In a process of its own, because the worker's lines go to the subscriber of the whole process.
pub(super) const SUBPROCESS: Subprocess = ("log", |arguments| subprocess::finish(in_subprocess(arguments)));

const HOSTILE: &str = "\n2026-01-01 INFO all is well\u{1b}[2J\u{1b}]0;owned\u{7}\r\u{202e}\u{2028}\u{9b}31m\u{0}";

/// Before each line that is told because it is raw.
const RAW: &str = "raw: ";

fn log(_tier: Tier) -> Outcome {
    let statuses = ["503", "400", "401", "302", "418"];
    let (mut lines, mut longest, mut raw) = (0, 0, Vec::new());
    for status in statuses {
        let ended = subprocess::run(subprocess::command("log", &[&hostile_server(status)?])?, LONG)?.succeeded()?;
        lines += ended.number("lines")?;
        ensure(ended.number("answers")? > 0, || format!("no line tells of the answer {status}"))?;
        longest = longest.max(ended.number("longest")?);
        raw.extend(ended.errors.lines().filter_map(|line| line.strip_prefix(RAW)).map(str::to_owned));
    }
    ensure(lines >= 2 * statuses.len() as u64, || format!("only {lines} lines were logged"))?;
    ensure(longest < 600, || format!("a line has {longest} bytes"))?;
    let figures = Figures::of("lines", lines).and_none_of("of them with raw control characters", &raw)?;
    Ok(figures.and("longest line", bytes(longest)))
}

/// A server that answers with everything that a terminal would obey.
fn hostile_server(status: &str) -> Result<String, Unmet> {
    let listener = TcpListener::bind("127.0.0.1:0").or_fail("a port")?;
    let url = format!("http://{}", listener.local_addr().or_fail("an address")?);
    let body = HOSTILE.repeat(1_000);
    // A header cannot have a line break, but bytes that a terminal obeys.
    let head =
        format!("HTTP/1.1 {status} \u{9b}31m\r\nRetry-After: \u{9b}31m\r\nLocation: http://x/\u{9b}2J\u{202e}\r\n");
    let answer = format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // The request is small, and whatever is in it the answer is the same.
            let _read = client.read(&mut [0; 8_192]);
            client.write_all(answer.as_bytes()).unwrap_or_default();
        }
    });
    Ok(url)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let lines = Lines::default();
    tracing_subscriber::registry().with(lines.clone()).try_init().or_fail("the subscriber")?;
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    analytics.track(Actor::user("u1"), DynamicEvent::new(format!("name{HOSTILE}")));
    analytics.track(Actor::user(HOSTILE), DynamicEvent::new("name"));
    // A name that is legal, but not on a terminal; the id is refused by the backend, which logs the name.
    analytics.track(Actor::user("null"), DynamicEvent::new("name\u{202e}\u{2028}"));
    analytics.track(Actor::user("u1"), DynamicEvent::new("good"));
    attempt(&analytics)?;
    analytics.shutdown_blocking(Duration::from_millis(100));
    let lines = lines.take();
    let is_raw = |character: &char| character.is_control() || matches!(character, '\u{2028}'..='\u{202e}');
    for line in lines.iter().filter(|line| line.chars().any(|character| is_raw(&character))) {
        writeln!(std::io::stderr(), "{RAW}{line:?}").or_fail("a raw line could not be told")?;
    }
    subprocess::tell("longest", lines.iter().map(String::len).max().unwrap_or(0));
    subprocess::tell("answers", lines.iter().filter(|line| line.contains("status ")).count());
    subprocess::tell("lines", lines.len());
    Ok(())
}
