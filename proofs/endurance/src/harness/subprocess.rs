//! Processes that are watched: whatever they do, the row ends.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use analytics_core::{DropReason, Ledger};
use rustix::process::{Pid, Signal, kill_process};

use super::fixture::OrFail;
use crate::figures::grouped;
use crate::unmet::{Unmet, ensure};

/// Between the parts of a list that is told.
const BETWEEN: &str = "; ";

/// A subprocess that runs. It is killed should its row fail half way.
pub(crate) struct Running {
    child: Child,
    begun: Instant,
    lines: Receiver<String>,
    told: HashMap<String, String>,
    errors: Option<JoinHandle<String>>,
}

/// What is left of a subprocess.
#[derive(Debug)]
pub(crate) struct Ended {
    /// `None` if it had to be killed.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) lasted: Duration,
    pub(crate) errors: String,
    told: HashMap<String, String>,
}

/// What runs in a process of its own: its name, and the function that gets the arguments behind that.
pub type Subprocess = (&'static str, fn(&[String]));

/// The argument that makes this executable a subprocess.
const SUBPROCESS: &str = "subprocess";

/// The subprocess that runs one row, whose number is its argument, and tells what came of it.
pub(crate) const ROW_ALONE: &str = "row";

/// A command that runs the subprocess `name`.
pub(crate) fn bare_command(name: &str) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(SUBPROCESS).arg(name);
    Ok(command)
}

/// The name and the arguments of the subprocess that this process is, if it is one.
pub(crate) fn of_arguments() -> Option<(String, Vec<String>)> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(SUBPROCESS) {
        return None;
    }
    Some((arguments.next().unwrap_or_default(), arguments.collect()))
}

/// A command that runs the subprocess `name` with these arguments, and with none of the host's proxies.
pub(crate) fn command(name: &str, arguments: &[&str]) -> Result<Command, Unmet> {
    let mut command = bare_command(name).or_fail("the path of this executable")?;
    command.args(arguments).env("RUST_BACKTRACE", "0");
    Ok(command)
}

/// The same under a program that changes something and then runs it: `prlimit --nofile=64`.
pub(crate) fn command_under(program: &[&str], name: &str, arguments: &[&str]) -> Result<Command, Unmet> {
    let (first, rest) = program.split_first().or_fail("there is no program")?;
    let inner = command(name, arguments)?;
    let mut command = Command::new(first);
    command.args(rest).arg(inner.get_program()).args(inner.get_args()).env("RUST_BACKTRACE", "0");
    Ok(command)
}

/// Runs a subprocess to its end, for at most `patience`.
pub(crate) fn run(command: Command, patience: Duration) -> Result<Ended, Unmet> {
    Running::start(command)?.end(patience)
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Result<Self, Unmet> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let begun = Instant::now();
        let mut child = command.spawn().or_fail("the subprocess did not start")?;
        let (sender, lines) = channel();
        let output = child.stdout.take().or_fail("the subprocess has no output")?;
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)).unwrap_or(());
        });
        let mut errors = child.stderr.take().or_fail("the subprocess has no output for errors")?;
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            errors.read_to_end(&mut bytes).unwrap_or(0);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Ok(Self { child, begun, lines, told: HashMap::new(), errors: Some(errors) })
    }

    /// Waits until it tells `name`.
    pub(crate) fn wait_for(&mut self, name: &str, patience: Duration) -> Result<String, Unmet> {
        let until = Instant::now() + patience;
        while !self.told.contains_key(name) {
            let line = self.lines.recv_timeout(until.saturating_duration_since(Instant::now()));
            self.note(&line.or_fail(&format!("the subprocess did not tell {name:?}"))?);
        }
        Ok(self.told.get(name).cloned().unwrap_or_default())
    }

    fn note(&mut self, line: &str) {
        let (name, value) = line.split_once(' ').unwrap_or((line, ""));
        self.told.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn signal(&self, signal: Signal) -> Result<(), Unmet> {
        kill_process(Pid::from_child(&self.child), signal).or_fail("the signal could not be sent")
    }

    pub(crate) fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// Tells it to stop, by the end of its input.
    pub(crate) fn end_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Waits for its end, which its output's end shows; kills it when the patience is over.
    pub(crate) fn end(mut self, patience: Duration) -> Result<Ended, Unmet> {
        self.end_input();
        let until = Instant::now() + patience;
        let hangs = loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.note(&line),
                Err(RecvTimeoutError::Disconnected) => break false,
                Err(RecvTimeoutError::Timeout) => break true,
            }
        };
        if hangs {
            self.child.kill().or_fail("a subprocess that hangs could not be killed")?;
        }
        let status = self.child.wait().or_fail("the subprocess's end")?;
        let lasted = self.begun.elapsed();
        let errors = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        Ok(Ended { status: (!hangs).then_some(status), lasted, errors, told: std::mem::take(&mut self.told) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended, or the row has failed.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

impl Ended {
    /// Fails unless it ended by itself and well.
    pub(crate) fn succeeded(self) -> Result<Self, Unmet> {
        let is_good = self.status.is_some_and(|status| status.success());
        ensure(is_good, || {
            format!("the subprocess ended with {:?} after {:?}: {}", self.status, self.lasted, self.errors)
        })?;
        Ok(self)
    }

    /// Whether it ended by itself.
    pub(crate) fn has_ended(&self) -> bool {
        self.status.is_some()
    }

    /// What it told under `name`.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Unmet> {
        let told = self.told.get(name).map(String::as_str);
        told.or_fail(&format!("the subprocess told no {name:?}: {:?} {}", self.told, self.errors))
    }

    /// The list that it told under `name`.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<&str>, Unmet> {
        Ok(self.text(name)?.split(BETWEEN).filter(|text| !text.is_empty()).collect())
    }

    /// The number that it told under `name`.
    pub(crate) fn number(&self, name: &str) -> Result<u64, Unmet> {
        self.text(name)?.parse().or_fail(name)
    }

    /// What it dropped, by reason.
    pub(crate) fn drops(&self) -> String {
        let told = |reason: &DropReason| Some(format!("{} {reason}", grouped(self.number(reason.as_str()).ok()?)));
        let drops: Vec<_> = DropReason::ALL.iter().filter_map(told).collect();
        if drops.is_empty() { "none".to_owned() } else { drops.join(" + ") }
    }

    /// Fails unless its ledger, as it told it, accounts for `captured` events and has none pending.
    pub(crate) fn settled(&self, captured: u64) -> Result<(), Unmet> {
        let dropped: u64 = DropReason::ALL.iter().filter_map(|reason| self.number(reason.as_str()).ok()).sum();
        let (delivered, pending) = (self.number("delivered")?, self.number("pending")?);
        let is_settled = self.number("captured")? == captured && delivered + dropped == captured && pending == 0;
        ensure(is_settled, || format!("{captured} were captured: {:?}", self.told))
    }
}

/// In a subprocess: tells its parent something.
pub(crate) fn tell(name: &str, value: impl Display) {
    let mut output = std::io::stdout().lock();
    // Without a parent there is nobody to tell, and nothing else to do about it.
    writeln!(output, "{name} {value}").and_then(|()| output.flush()).unwrap_or_default();
}

/// In a subprocess: tells its parent a list of names.
pub(crate) fn tell_list(name: &str, list: &[&str]) {
    tell(name, list.join(BETWEEN));
}

/// In a subprocess: tells what became of every event.
pub(crate) fn tell_ledger(ledger: &Ledger) {
    tell("captured", ledger.captured());
    tell("delivered", ledger.delivered());
    tell("pending", ledger.pending());
    for reason in DropReason::ALL.iter().filter(|reason| ledger.dropped(**reason) > 0) {
        tell(reason.as_str(), ledger.dropped(*reason));
    }
}

/// In a subprocess: ends badly if its scenario did.
pub(crate) fn finish(result: Result<(), Unmet>) {
    if let Err(why) = result {
        writeln!(std::io::stderr(), "{why:?}").unwrap_or_default();
        std::process::exit(1);
    }
}

/// In a subprocess: its argument number `index`.
pub(crate) fn argument(arguments: &[String], index: usize) -> Result<&str, Unmet> {
    arguments.get(index).map(String::as_str).or_fail("an argument is missing")
}

/// In a subprocess: waits until its parent tells it to go on, or is gone.
pub(crate) fn wait_for_end_of_input() {
    std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink()).unwrap_or(0);
}
