//! Runs the chat service, or its demo.

mod args;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use args::Command;
use chat_service::{DemoError, RunError, Settings};
use tracing_subscriber::EnvFilter;

/// The exit code of a wrong command line or configuration.
const MISUSE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => say(args::HELP),
        Ok(Command::Demo) => demo().await,
        Ok(Command::Serve) => serve().await,
        Err(objection) => complain(&format!("{objection}\n\n{}", args::USAGE), MISUSE),
    }
}

async fn serve() -> ExitCode {
    log("info");
    let settings = match Settings::from_vars(|name| std::env::var(name).ok()) {
        Ok(settings) => settings,
        Err(error) => return complain(&error.to_string(), MISUSE),
    };
    match chat_service::run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ RunError::Config(_)) => complain(&error.to_string(), MISUSE),
        Err(error) => complain(&error.to_string(), 1),
    }
}

async fn demo() -> ExitCode {
    log("warn");
    match chat_service::demo(|name| std::env::var(name).ok()).await {
        Ok(outcome) => {
            let said = say(&outcome.to_string());
            if outcome.is_complete() { said } else { ExitCode::FAILURE }
        }
        Err(error @ DemoError::KeyIsSet(_)) => complain(&error.to_string(), MISUSE),
        Err(error) => complain(&error.to_string(), 1),
    }
}

/// Logs to stderr what `RUST_LOG` asks for, else what is at least as important as `level`.
fn log(level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    log.with_ansi(io::stderr().is_terminal()).with_writer(io::stderr).init();
}

/// Prints to stdout.
fn say(text: &str) -> ExitCode {
    match writeln!(io::stdout(), "{}", text.trim_end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Says on stderr what is wrong. Where nobody listens there, the exit code has to do.
fn complain(text: &str, code: u8) -> ExitCode {
    writeln!(io::stderr(), "chat_service: {text}").unwrap_or_default();
    ExitCode::from(code)
}
