//! Says where a service's analytics go and why, and whether an event would arrive: in a terminal, or as a step of a
//! deployment.
//!
//! It reads what the service reads, by `product-analytics`. What it looks at, and with which code it ends, is told by
//! `--help` and in `docs/doctor.md`.

mod args;
mod checks;
mod env_file;
mod event;
mod help;
mod key;
mod last_failure;
mod network;
mod report;
mod stdout;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use analytics_rules::display::OneLine;
use args::{Command, Settings};
use report::Report;
use stdout::print;

/// The code for a command line that cannot be read, as in `sysexits.h`; the small ones tell what was found.
const USAGE_ERROR: u8 = 64;

fn main() -> ExitCode {
    match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => {
            print(help::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            print(concat!("analytics-doctor ", env!("CARGO_PKG_VERSION"), "\n"));
            ExitCode::SUCCESS
        }
        Ok(Command::Check(settings)) => run(&settings).unwrap_or_else(|objection| usage_error(&objection)),
        Err(objection) => usage_error(&format!("{}\n\n{}", OneLine::new(&objection), help::USAGE)),
    }
}

fn run(settings: &Settings) -> Result<ExitCode, String> {
    if let Some(path) = &settings.env_file {
        return again(path, settings);
    }
    let mut report = Report::new(settings.format);
    let subject = checks::run(settings, &mut report);
    Ok(ExitCode::from(report.end(&subject)))
}

/// Runs the program again, with a file's variables over those of the environment. So all that reads variables sees
/// them, as in the service: proxies, roots of trust, what tells a test.
fn again(path: &Path, settings: &Settings) -> Result<ExitCode, String> {
    let variables = env_file::read(path)?;
    let run = || {
        let program = std::env::current_exe()?;
        std::process::Command::new(program).args(settings.arguments()).envs(variables).status()
    };
    let status = run().map_err(|error| format!("the program could not be run with the file's variables: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map(ExitCode::from).ok_or_else(|| format!("with the file's variables the program ended by itself: {status}"))
}

/// Says on stderr what is wrong with the command line.
fn usage_error(text: &str) -> ExitCode {
    writeln!(io::stderr(), "analytics-doctor: {text}").unwrap_or_default();
    ExitCode::from(USAGE_ERROR)
}
