//! The inspector in a terminal.

mod args;
mod exposure;
mod help;
mod options;
mod printer;
mod run;
mod serve;
mod signals;
mod stderr;
mod tail;

use std::io::{self, Write as _};
use std::process::ExitCode;

use args::Command;
use stderr::report_error;

fn main() -> ExitCode {
    let outcome = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => io::stdout().write_all(help::HELP.as_bytes()),
        Ok(Command::Version) => writeln!(io::stdout(), "{}", help::VERSION),
        Ok(Command::Serve(settings)) => serve::serve(settings),
        Ok(Command::Tail { port, format }) => tail::tail(port, format),
        Ok(Command::Run { settings, command }) => match run::run(settings, &command) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Err(objection) => {
            report_error(&objection.to_string());
            writeln!(io::stderr(), "\n{}", help::USAGE).unwrap_or_default();
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report_error(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
