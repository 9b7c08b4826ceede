//! Runs the rows one by one and writes their table.
//!
//! ```text
//! analytics-endurance [--full] [--row NUMBER]... [--write PATH]
//! ```
//!
//! With `--row` it writes these rows' lines anew in a page that is there.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod page;
mod run;

use std::process::ExitCode;

use analytics_endurance::{Row, Tier, rows, run_as_subprocess};
use lexopt::ValueExt as _;
use lexopt::prelude::Long;

use self::run::RowResult;

/// What the arguments say.
#[derive(Debug, Default)]
struct Arguments {
    is_full: bool,
    rows: Vec<u8>,
    write: Option<String>,
    /// Runs the row that has this place among all in this very process, and says on its output what came of it.
    alone: Option<usize>,
}

fn main() -> ExitCode {
    if run_as_subprocess() {
        return ExitCode::SUCCESS;
    }
    let arguments = match Arguments::parse() {
        Ok(arguments) => arguments,
        Err(wrong) => {
            println!("{wrong}; usage: analytics-endurance [--full] [--row NUMBER]... [--write PATH]");
            return ExitCode::from(2);
        }
    };
    let tier = if arguments.is_full { Tier::Full } else { Tier::Ci };
    if let Some(place) = arguments.alone {
        return run::alone(place, tier);
    }
    let chosen = rows().into_iter().filter(|row| arguments.rows.is_empty() || arguments.rows.contains(&row.number));
    let mut results = Vec::new();
    for row in chosen {
        let verdict = run::in_a_process(&row, tier);
        println!("{:>3}  {}: {verdict}", row.number, row.fault);
        results.push((row, verdict));
    }
    let mut has_failed = results.iter().any(|(_, verdict)| matches!(verdict, RowResult::Failed(_)));
    if let Some(path) = arguments.write
        && let Err(why) = write(&path, &results, tier, arguments.rows.is_empty())
    {
        println!("{path} cannot be written: {why}");
        has_failed = true;
    }
    ExitCode::from(u8::from(has_failed))
}

fn write(path: &str, results: &[(Row, RowResult)], tier: Tier, is_whole: bool) -> Result<(), String> {
    let page = if is_whole {
        page::page(results, tier)
    } else {
        let earlier = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        page::renewed(&earlier, results).ok_or("it has no line for one of these rows: write the whole page first")?
    };
    std::fs::write(path, page).map_err(|error| error.to_string())
}

impl Arguments {
    fn parse() -> Result<Self, lexopt::Error> {
        let mut parser = lexopt::Parser::from_env();
        let mut parsed = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("full") => parsed.is_full = true,
                Long("row") => parsed.rows.push(parser.value()?.parse()?),
                Long("write") => parsed.write = Some(parser.value()?.string()?),
                Long("alone") => parsed.alone = Some(parser.value()?.parse()?),
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(parsed)
    }
}
