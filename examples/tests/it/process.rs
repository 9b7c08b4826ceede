//! The service as a process.

use std::io::{BufRead as _, BufReader, Read};
#[cfg(unix)]
use std::process::ExitStatus;
use std::process::{Child, Command, Stdio};
#[cfg(unix)]
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

use crate::PATIENCE;

/// The service's program, in a clean environment.
pub(crate) fn program() -> Command {
    clean(Command::new(env!("CARGO_BIN_EXE_chat_service")))
}

/// The same program, in an environment that says nothing about analytics, and nothing of the test runner.
pub(crate) fn clean(mut program: Command) -> Command {
    let is_ours = |name: &str| {
        ["POSTHOG_", "ANALYTICS_", "NEXTEST"].iter().any(|prefix| name.starts_with(prefix))
            || ["DO_NOT_TRACK", "CI", "RUST_LOG", "PORT", "SHUTDOWN_GRACE"].contains(&name)
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_ours)) {
        program.env_remove(name);
    }
    program
}

/// The service, listening on a free port. It is killed should a test fail half way.
pub(crate) struct Running {
    child: Child,
    url: String,
    log: Receiver<String>,
    seen: Vec<String>,
}

impl Running {
    /// Starts the service with these variables, and waits until it listens.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        let mut program = program();
        program.env("PORT", "0").envs(variables.iter().copied());
        let mut child = program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = lines(child.stderr.take().unwrap());
        let mut running = Self { child, url: String::new(), log, seen: Vec::new() };
        running.url = running.line("listening on ").rsplit(' ').next().map(str::to_owned).unwrap();
        running
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The first line of the log that has this text, when it comes.
    pub(crate) fn line(&mut self, text: &str) -> String {
        if let Some(line) = self.seen.iter().find(|line| line.contains(text)) {
            return line.clone();
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.log.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(text) => {
                    self.seen.push(line.clone());
                    return line;
                }
                Ok(line) => self.seen.push(line),
                Err(error) => panic!("no {text:?}: {error}; the log is\n{}", self.seen.join("\n")),
            }
        }
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it has ended; how it ended, and all that it logged.
    #[cfg(unix)]
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.log.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end; the log is\n{}", self.seen.join("\n")),
            }
        }
        (self.child.wait().unwrap(), std::mem::take(&mut self.seen))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().expect("a child to wait for");
    }
}

/// The lines of a stream as they come, until it ends.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        lines.map_while(|line| sender.send(line).ok()).for_each(drop);
    });
    receiver
}
