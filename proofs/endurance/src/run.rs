//! Runs one row in a process of its own, so that memory and files that it measures are its own.

use std::fmt;
use std::io;
use std::process::{Command, ExitCode, Stdio};

use analytics_endurance::figures::grouped;
use analytics_endurance::{Proof, Row, Tier, Unmet, on_one_line, rows};

const FIGURE: &str = "figure: ";
const SKIPPED: &str = "skipped: ";
const FAILED: &str = "failed: ";

/// What came of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowResult {
    /// It was survived, with these figures.
    Survived(String),
    /// It could not be provoked here.
    Skipped(String),
    /// It was not survived.
    Failed(String),
}

impl fmt::Display for RowResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Survived(figures) => f.write_str(figures),
            Self::Skipped(why) => write!(f, "skipped: {why}"),
            Self::Failed(why) => write!(f, "FAILED: {why}"),
        }
    }
}

/// Runs the row at a place among all in this process and says what came of it in a line of output.
pub(crate) fn alone(place: usize, tier: Tier) -> ExitCode {
    let Some(Proof::Inline(run)) = rows().get(place).map(|row| row.proof) else {
        println!("{FAILED}no row at place {place} is proven here");
        return ExitCode::FAILURE;
    };
    match run(tier) {
        Ok(figures) => println!("{FIGURE}{figures}"),
        Err(Unmet::Skipped(why)) => println!("{SKIPPED}{}", on_one_line(&why)),
        Err(Unmet::Failed(why)) => println!("{FAILED}{}", on_one_line(&why)),
    }
    ExitCode::SUCCESS
}

/// Runs a row and waits for what comes of it.
pub(crate) fn in_a_process(row: &Row, tier: Tier) -> RowResult {
    let verdict = match row.proof {
        Proof::Inline(_) => here(place(row), tier),
        Proof::External { package, filters } => {
            let mut command = cargo_test(package, &["--", "--nocapture"]);
            command.args(filters);
            there(command)
        }
        Proof::Ordered { package } => {
            let mut command =
                cargo_test(package, &["--lib", "--target-dir", "target/shuttle", "shuttle", "--", "--nocapture"]);
            command.env("RUSTFLAGS", "--cfg shuttle");
            there(command)
        }
    };
    verdict.unwrap_or_else(|error| RowResult::Failed(error.to_string()))
}

/// The row's place among all: several rows may share a number.
fn place(row: &Row) -> usize {
    let is_it = |other: &Row| (other.number, other.fault) == (row.number, row.fault);
    rows().iter().position(is_it).unwrap_or(usize::MAX)
}

fn here(place: usize, tier: Tier) -> io::Result<RowResult> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--alone", &place.to_string()]);
    if tier == Tier::Full {
        command.arg("--full");
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let after = |prefix: &str| said.lines().find_map(|line| line.strip_prefix(prefix)).map(str::to_owned);
    Ok(if let Some(figures) = after(FIGURE) {
        RowResult::Survived(figures)
    } else if let Some(why) = after(SKIPPED) {
        RowResult::Skipped(why)
    } else {
        RowResult::Failed(after(FAILED).unwrap_or_else(|| format!("the process ended with {}", output.status)))
    })
}

/// The tests of another crate.
fn cargo_test(package: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "-q", "-p", package]).args(arguments);
    command
}

/// Runs tests of another crate.
fn there(mut command: Command) -> io::Result<RowResult> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let passed: u64 = said
        .lines()
        .filter_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse::<u64>().ok())
        .sum();
    if !output.status.success() {
        return Ok(RowResult::Failed(format!("{command:?} ended with {}", output.status)));
    }
    if passed == 0 {
        return Ok(RowResult::Failed(format!("{command:?} finds no test")));
    }
    Ok(verdict_of(&said, &String::from_utf8_lossy(&output.stderr)))
}

/// What tests that passed say. One that was skipped has proven nothing; it says why on stderr, which the harness of
/// tests never keeps.
fn verdict_of(said: &str, complained: &str) -> RowResult {
    let skipped: Vec<_> = complained.lines().filter_map(|line| line.strip_prefix(SKIPPED)).collect();
    if skipped.is_empty() {
        RowResult::Survived(figures_of(said))
    } else {
        RowResult::Skipped(on_one_line(&skipped.join("; ")))
    }
}

fn figures_of(said: &str) -> String {
    let lines: Vec<_> = said.lines().filter_map(|line| Some(line.split_once(FIGURE)?.1)).collect();
    let figures = lines.join("; ");
    figures.split(' ').map(word_grouped).collect::<Vec<_>>().join(" ")
}

/// A count with its thousands apart, as in the figures of this crate; any other word as it is.
fn word_grouped(word: &str) -> String {
    let count = word.trim_end_matches([',', ';', ':']);
    grouped(count) + word.get(count.len()..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_tests_stand_in_one_line() {
        let said = "noise\nfigure: lost 0\ntest a ... figure: dropped 7\n";
        assert_eq!(figures_of(said), "lost 0; dropped 7");
    }

    #[test]
    fn every_row_has_a_place_of_its_own() {
        for (index, row) in rows().iter().enumerate() {
            assert_eq!(place(row), index, "{} {}", row.number, row.fault);
        }
    }

    #[test]
    fn counts_of_other_crates_have_their_thousands_apart_too() {
        let said = "figure: requests 3528, answers 4,000; ratio 1234.5; raw 1024: none 12\n";
        assert_eq!(figures_of(said), "requests 3,528, answers 4,000; ratio 1234.5; raw 1,024: none 12");
    }

    #[test]
    fn tests_that_passed_because_they_were_skipped_have_proven_nothing() {
        let complained = "warning: unused\nskipped: needs root\n";
        assert_eq!(verdict_of("test a ... ok\n", complained), RowResult::Skipped("needs root".to_owned()));
        assert_eq!(verdict_of("figure: lost 0\n", "noise\n"), RowResult::Survived("lost 0".to_owned()));
    }
}
