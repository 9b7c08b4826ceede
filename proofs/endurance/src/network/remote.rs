//! A service in a process of its own: for what is measured per process, and for what needs another environment.
//!
//! It takes commands on its standard input, a line each, and answers each with a line of `name=value`, separated by
//! tabs. Its log goes to its standard error.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::harness::subprocess::bare_command;
use crate::service::LONG;
use crate::unmet::{Unmet, ensure};

/// The service's name among the subprocesses.
pub(super) const SERVICE: &str = "network-service";

/// A service in a process of its own. It is killed when this is dropped.
#[derive(Debug)]
pub(super) struct RemoteService {
    child: Child,
    commands: ChildStdin,
    replies: Receiver<Reply>,
    log: Arc<Mutex<Vec<String>>>,
    tracked: u64,
}

/// What it said.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply(BTreeMap<String, String>);

/// A command that runs it, to be given an environment or to be run elsewhere.
pub(super) fn command() -> Result<Command, Unmet> {
    Ok(bare_command(SERVICE)?)
}

impl RemoteService {
    /// Starts it with a server and settings, and waits until its sink has started or could not.
    pub(super) fn start(mut command: Command, url: &str, settings: &[&str]) -> Result<(Self, Reply), Unmet> {
        command.arg(url).args(settings);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let none = || Unmet::Failed("the service has no pipe".to_owned());
        let commands = child.stdin.take().ok_or_else(none)?;
        let (output, errors) = (child.stdout.take().ok_or_else(none)?, child.stderr.take().ok_or_else(none)?);
        let (said, replies) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if said.send(Reply::parse(&line)).is_err() {
                    return;
                }
            }
        });
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        let service = Self { child, commands, replies, log, tracked: 0 };
        let reply = service.reply(LONG)?;
        Ok((service, reply))
    }

    /// Starts it, and fails if its sink does not start.
    pub(super) fn started(command: Command, url: &str, settings: &[&str]) -> Result<Self, Unmet> {
        let (service, reply) = Self::start(command, url, settings)?;
        ensure(reply.text("error").is_empty(), || format!("the sink did not start: {}", reply.text("error")))?;
        Ok(service)
    }

    /// Gives it a command and waits for the reply, whose ledger has to account for all that was tracked.
    pub(super) fn ask(&mut self, command: &str) -> Result<Reply, Unmet> {
        writeln!(self.commands, "{command}")?;
        let reply = self.reply(3 * LONG)?;
        let (captured, tracked) = (reply.number("captured"), self.tracked);
        ensure(captured == tracked, || format!("{tracked} were tracked, the ledger says {reply:?}"))?;
        Ok(reply)
    }

    /// Has it track events, each with so many bytes of noise.
    pub(super) fn track(&mut self, events: u64, bytes: usize) -> Result<Reply, Unmet> {
        self.tracked += events;
        self.ask(&format!("track {events} {bytes}"))
    }

    /// Has it flush.
    pub(super) fn flush(&mut self, grace: Duration) -> Result<Reply, Unmet> {
        self.ask(&format!("flush {}", grace.as_millis()))
    }

    /// Has it shut down.
    pub(super) fn shutdown(&mut self, grace: Duration) -> Result<Reply, Unmet> {
        self.ask(&format!("shutdown {}", grace.as_millis()))
    }

    /// Asks until what it says has a property, and tells whether it came in time.
    pub(super) fn ask_until(&mut self, within: Duration, is_it: impl Fn(&Reply) -> bool) -> Result<Reply, Unmet> {
        let begun = std::time::Instant::now();
        loop {
            let reply = self.ask("look")?;
            if is_it(&reply) {
                return Ok(reply);
            }
            ensure(begun.elapsed() < within, || format!("after {within:?} it still says {reply:?}"))?;
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// How many of the events that it tracked were not delivered when it said this.
    pub(super) fn undelivered(&self, reply: &Reply) -> u64 {
        self.tracked.abs_diff(reply.number("delivered"))
    }

    /// Its log so far.
    pub(super) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it as a service ends, by the end of its `main`, and waits for it.
    pub(super) fn end(mut self) -> Result<ExitStatus, Unmet> {
        writeln!(self.commands, "end")?;
        let mut status = None;
        let is_over = crate::service::wait_until(LONG, || {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        ensure(is_over, || "the service does not end".to_owned())?;
        status.ok_or_else(|| Unmet::Failed("the service has no exit status".to_owned()))
    }

    fn reply(&self, within: Duration) -> Result<Reply, Unmet> {
        self.replies.recv_timeout(within).map_err(|error| {
            let what = match error {
                RecvTimeoutError::Timeout => "does not answer",
                RecvTimeoutError::Disconnected => "has ended",
            };
            Unmet::Failed(format!("the service {what}; its log: {}", self.log().join(" | ")))
        })
    }
}

impl Drop for RemoteService {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
    }
}

impl Reply {
    fn parse(line: &str) -> Self {
        let pairs = line.split('\t').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// A number, 0 if there is none of that name.
    pub(super) fn number(&self, name: &str) -> u64 {
        self.0.get(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// A text, empty if there is none of that name.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// How long the command took.
    pub(super) fn took(&self) -> Duration {
        Duration::from_micros(self.number("took_us"))
    }

    /// The slowest single `track` of the command.
    pub(super) fn slowest(&self) -> Duration {
        Duration::from_micros(self.number("slowest_us"))
    }
}
