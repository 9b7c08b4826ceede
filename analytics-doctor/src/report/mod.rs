//! What was found.

mod check;
mod human;
mod json;

use std::time::Duration;

pub(crate) use self::check::{Check, Level};
use crate::args::Format;
use crate::stdout::print;

/// Why all is not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The configuration is wrong.
    Configuration,
    /// The server cannot be reached.
    Unreachable,
    /// The server, or somebody on the way, took no event in time.
    NotTaken,
    /// The server refuses the key or the event.
    Refused,
}

/// What was found so far; for people it is shown as it is found.
#[derive(Debug)]
pub(crate) struct Report {
    format: Format,
    checks: Vec<Check>,
    failure: Option<Failure>,
}

impl Report {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, checks: Vec::new(), failure: None }
    }

    /// Tells of something that is well, or only to be warned of.
    pub(crate) fn tell(&mut self, check: Check) {
        if self.format == Format::Human {
            print(&human::lines(&check));
        }
        self.checks.push(check);
    }

    /// Tells of something that is not well. The first failure decides.
    pub(crate) fn fail(&mut self, failure: Failure, check: Check) {
        self.tell(check.failed());
        self.failure.get_or_insert(failure);
    }

    /// Whether anything is not well.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Says what all of it comes to, and returns the exit code. `subject` is what becomes of events if all is well.
    pub(crate) fn end(&self, subject: &str) -> u8 {
        let (code, verdict) = match self.failure {
            None => (0, self.well(subject)),
            Some(Failure::Configuration) => (1, "The configuration is wrong.".to_owned()),
            Some(Failure::Unreachable) => (2, "Events would not arrive: the server cannot be reached.".to_owned()),
            Some(Failure::NotTaken) => (2, "Events would not arrive: none was taken in time.".to_owned()),
            Some(Failure::Refused) => (3, "Events would be lost: the server refuses the key or the event.".to_owned()),
        };
        print(&match self.format {
            Format::Human => format!("{verdict}\n"),
            Format::Json => json::object(&self.checks, &verdict, code),
        });
        code
    }

    fn well(&self, subject: &str) -> String {
        let warnings = self.checks.iter().filter(|check| check.level == Level::Warn).count();
        match warnings {
            0 => format!("All is well: {subject}."),
            1 => format!("All is well but for a warning: {subject}."),
            _ => format!("All is well but for {warnings} warnings: {subject}."),
        }
    }
}

/// A duration for people, in milliseconds.
pub(crate) fn milliseconds(took: Duration) -> String {
    match took.as_millis() {
        0 => "<1 ms".to_owned(),
        whole => format!("{whole} ms"),
    }
}
