//! The wall clock of a whole process jumps.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use analytics_inspector::{Fault, Inspector};
use analytics_posthog::Compression;

use super::clock::attempts;
use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, config, count, inspector, spawn, track};
use crate::harness::{Subprocess, subprocess};
use crate::programs::need;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 74,
    fault: "the wall clock of a running process jumps, for the worker as well",
    must: "events go on leaving at their interval; every attempt at one carries the same bytes",
    proof: Proof::Inline(wall),
};

pub(super) const SUBPROCESS: Subprocess = ("wall", |arguments| subprocess::finish(in_subprocess(arguments)));

const INTERVAL: Duration = Duration::from_millis(100);
/// What the clock is set to, and the year that it then shows.
const JUMPS: [(&str, &str); 5] =
    [("+1d", "20"), ("-1d", "20"), ("@1970-01-01 00:00:10", "1970"), ("@2100-01-01 00:00:00", "2100"), ("+0", "20")];

fn wall(tier: Tier) -> Outcome {
    need(&["faketime", "env"])?;
    let (rounds, inspector, clock) = (tier.pick(1, 10), inspector()?, Setting::new()?);
    let mut running = subprocess::Running::start(clock.under(&subprocess::command("wall", &[&inspector.url()])?))?;
    running.wait_for("begun", LONG)?;
    for (to, _) in std::iter::repeat_n(JUMPS, rounds).flatten() {
        // Events of before the jump are sent again after it.
        inspector.inject(Fault::status(503));
        let before = inspector.totals();
        ensure(inspector.wait_for_requests(before.requests + 1, LONG), || "no request was made".to_owned())?;
        clock.set(to)?;
        let goes_on = inspector.wait_for(before.unique_events + 30, LONG);
        ensure(goes_on, || format!("after {to} no events came any more: {}", inspector.totals()))?;
    }
    let ended = running.end(LONG)?.succeeded()?;
    let captured = ended.number("captured")?;
    ended.settled(captured)?;
    let lost = captured.abs_diff(inspector.totals().unique_events);
    let (again, changed) = sent_again(&inspector)?;
    for (to, year) in JUMPS {
        let is_of = |text: &String| text.starts_with(year);
        let timestamps: Vec<_> = inspector.events().into_iter().filter_map(|event| event.timestamp).collect();
        ensure(timestamps.iter().any(is_of), || format!("the clock was not set to {to}"))?;
    }
    let figures = Figures::of("jumps", rounds * JUMPS.len()).and("events", captured).and("sent again", again);
    figures.and_none("events sent again with other bytes", changed)?.and_none("lost", lost)
}

/// How many events were sent more than once, and of how many the bytes changed.
fn sent_again(inspector: &Inspector) -> Result<(usize, usize), Unmet> {
    let attempts = attempts(inspector)?;
    let changed = attempts.values().filter(|(_, texts)| texts.len() > 1).count();
    let again = attempts.values().filter(|(times, _)| *times > 1).count();
    ensure(again > 0, || "no event was sent again".to_owned())?;
    Ok((again, changed))
}

/// The file from which faketime reads a clock, each time that it is asked.
struct Setting(PathBuf);

impl Setting {
    fn new() -> Result<Self, Unmet> {
        let file = Self(std::env::temp_dir().join(format!("analytics-endurance-clock-{}", std::process::id())));
        file.set("+0")?;
        Ok(file)
    }

    fn set(&self, to: &str) -> Result<(), Unmet> {
        // Never half written: it is read all the time.
        let new = self.0.with_extension("new");
        std::fs::write(&new, to).or_fail("the clock's file")?;
        std::fs::rename(&new, &self.0).or_fail("the clock's file")
    }

    /// The program's own setting would win over the file.
    fn under(&self, inner: &Command) -> Command {
        let mut command = Command::new("faketime");
        command.args(["-m", "-f", "+0", "env", "-u", "FAKETIME"]);
        command.arg(inner.get_program()).args(inner.get_args());
        command.env("FAKETIME_TIMESTAMP_FILE", &self.0).env("FAKETIME_NO_CACHE", "1").env("TZ", "UTC");
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
        command
    }
}

impl Drop for Setting {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    config.options.compression = Compression::None;
    config.delivery.flush_interval = INTERVAL;
    config.delivery.flush_at = count(100_000);
    let analytics = spawn(config)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&is_over);
    let waiter = thread::spawn(move || {
        subprocess::wait_for_end_of_input();
        stop.store(true, Ordering::SeqCst);
    });
    subprocess::tell("begun", "");
    let mut n = 0;
    while !is_over.load(Ordering::SeqCst) {
        track(&analytics, n..n + 1);
        n += 1;
        thread::sleep(Duration::from_millis(10));
    }
    waiter.join().ok().or_fail("the waiter panicked")?;
    subprocess::tell_ledger(&analytics.shutdown_blocking(LONG / 2));
    Ok(())
}
