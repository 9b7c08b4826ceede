//! Runs an inspector in a terminal until it is interrupted.

mod args;
mod run;

use std::io::{self, Write as _};
use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let outcome = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => io::stdout().write_all(args::HELP.as_bytes()),
        Ok(Command::Run(options)) => run::run(options),
        Err(objection) => {
            complain(&format!("{objection}\n\n{}", args::USAGE));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Says on stderr what is wrong. Where nobody listens there, the exit code has to do.
fn complain(text: &str) {
    writeln!(io::stderr(), "analytics-inspector: {text}").unwrap_or_default();
}
