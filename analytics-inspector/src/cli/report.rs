//! What came of a command that was checked.

use analytics_inspector::{Inspector, Problem, Problems, Totals, terminal};
use serde::Serialize;

/// More problems are not told line by line; the file of `--report` has them.
const MAX_LINES: usize = 100;

/// How many of the names that arrived are told where another one was expected.
const MAX_NAMES: usize = 10;

const NO_EVENTS: u8 = 3;
const PROBLEMS: u8 = 4;

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    result: CheckResult,
    exit_code: u8,
    command_exit_code: u8,
    totals: Totals,
    /// Names after `--expect` under which no event arrived.
    missing: Vec<String>,
    /// How many problems there are, of which the newest follow.
    matching: usize,
    complete: bool,
    problems: Vec<Problem>,
}

/// Whether everything arrived as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum CheckResult {
    Passed,
    /// The command itself did not end with 0.
    CommandFailed,
    /// Nothing arrived, and nothing was refused either.
    NoEvents,
    Problems,
}

impl Report {
    /// `expected` are names under which an event has to have arrived.
    pub(crate) fn of(inspector: &Inspector, command_exit_code: u8, expected: Vec<String>) -> Self {
        let totals = inspector.totals();
        let Problems { list, count, is_complete, .. } = inspector.problems();
        // Of long names, and of too many, the totals do not have all.
        let has_arrived = |name: &String| totals.names.contains_key(name) || !inspector.events_named(name).is_empty();
        let missing: Vec<String> = expected.into_iter().filter(|name| !has_arrived(name)).collect();
        let is_well = missing.is_empty() && is_complete;
        let result = match (command_exit_code, count, totals.events_accepted) {
            (1.., ..) => CheckResult::CommandFailed,
            (_, 1.., _) => CheckResult::Problems,
            (_, _, 0) => CheckResult::NoEvents,
            _ if is_well => CheckResult::Passed,
            _ => CheckResult::Problems,
        };
        let exit_code = match result {
            CheckResult::Passed => 0,
            CheckResult::CommandFailed => command_exit_code,
            CheckResult::NoEvents => NO_EVENTS,
            CheckResult::Problems => PROBLEMS,
        };
        Self {
            result,
            exit_code,
            command_exit_code,
            totals,
            missing,
            matching: count,
            complete: is_complete,
            problems: list,
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// The totals, each problem in one line with what to change, and the result.
    pub(crate) fn lines(&self) -> Vec<String> {
        let problems = self.problems.iter().take(MAX_LINES).map(|problem| format!("problem: {problem}"));
        let more = self.matching.checked_sub(MAX_LINES).filter(|more| *more > 0);
        let more = more.map(|more| format!("… {more} more problems; --report FILE has them"));
        let missing = self.missing.iter().map(|name| self.missing_line(name));
        let incomplete = (!self.complete).then(|| {
            "problem: more arrived than is remembered, so not all of it was checked. Raise --capacity, or send less."
                .to_owned()
        });
        let lines = std::iter::once(self.totals.to_string()).chain(problems).chain(more).chain(missing);
        lines.chain(incomplete).chain([self.result_line()]).collect()
    }

    fn missing_line(&self, name: &str) -> String {
        let names: Vec<&str> = self.totals.names.keys().take(MAX_NAMES).map(String::as_str).collect();
        let arrived = match self.totals.names.len() {
            0 => "none arrived".to_owned(),
            count if count > names.len() => format!("{} and {} more arrived", names.join(", "), count - names.len()),
            _ => format!("{} arrived", names.join(", ")),
        };
        terminal::line(&format!(
            "problem: no event {name:?}: expected_event_missing. Capture it and flush before the program ends, or \
             correct the name after --expect; {arrived}."
        ))
    }

    fn result_line(&self) -> String {
        match self.result {
            CheckResult::Passed => "check: everything arrived".to_owned(),
            CheckResult::CommandFailed => format!("check: the command ended with {}", self.command_exit_code),
            CheckResult::NoEvents => "check: no event arrived; capture one, send it to POSTHOG_HOST and flush before \
                                      the program ends"
                .to_owned(),
            CheckResult::Problems => {
                let count = self.matching + self.missing.len() + usize::from(!self.complete);
                format!("check: {count} {}", if count == 1 { "problem" } else { "problems" })
            }
        }
    }
}
