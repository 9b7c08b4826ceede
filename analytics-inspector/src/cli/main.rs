//! The inspector in a terminal.

mod args;
mod exposure;
mod help;
mod printer;
mod run;
mod serve;
mod signals;
mod tail;

use std::io::{self, Write as _};
use std::process::ExitCode;

use analytics_inspector::terminal;

use args::Command;

fn main() -> ExitCode {
    let outcome = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => io::stdout().write_all(help::HELP.as_bytes()),
        Ok(Command::Serve(settings)) => serve::serve(settings),
        Ok(Command::Tail { port, format }) => tail::tail(port, format),
        Ok(Command::Run { settings, command }) => match run::run(settings, &command) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Err(objection) => {
            complain(&objection);
            writeln!(io::stderr(), "\n{}", help::USAGE).unwrap_or_default();
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

/// Says on stderr what is wrong, in one line, since it may quote what the program was given. Where nobody listens there,
/// the exit code has to do.
fn complain(text: &str) {
    writeln!(io::stderr(), "{}", terminal::line(&format!("analytics-inspector: {text}"))).unwrap_or_default();
}
