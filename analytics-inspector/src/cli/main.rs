//! The inspector in a terminal.

mod args;
mod check;
mod command;
mod exposure;
mod help;
mod options;
mod printer;
mod report;
mod run;
mod serve;
mod settled;
mod signals;
mod stderr;
mod tail;

use std::io::{self, Write as _};
use std::process::ExitCode;

use args::Command;
use stderr::report_error;

fn main() -> ExitCode {
    let done = |result: io::Result<()>| result.map(|()| ExitCode::SUCCESS);
    let outcome = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => done(io::stdout().write_all(help::HELP.as_bytes())),
        Ok(Command::Version) => done(writeln!(io::stdout(), "{}", help::VERSION)),
        Ok(Command::Serve(settings)) => done(serve::serve(settings)),
        Ok(Command::Tail { port, format }) => done(tail::tail(port, format)),
        Ok(Command::Run { settings, command }) => run::run(settings, &command),
        Ok(Command::Check { settings, expectations, command }) => check::check(settings, expectations, &command),
        Err(objection) => {
            report_error(&objection.to_string());
            writeln!(io::stderr(), "\n{}", help::USAGE).unwrap_or_default();
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|error| {
        report_error(&error.to_string());
        ExitCode::FAILURE
    })
}
