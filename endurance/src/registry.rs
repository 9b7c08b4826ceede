//! Processes that a proof starts, drives and perhaps kills: this very executable, called again.

use std::process::Command;

/// The argument that makes this executable a victim.
const VICTIM: &str = "victim";

/// A command that runs the victim `name`.
///
/// # Errors
/// If the path of this executable is not known.
pub fn command(name: &str) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(VICTIM).arg(name);
    Ok(command)
}

/// Runs the victim that the arguments name, if they name one; `main` of every executable here begins with it.
#[must_use]
pub fn is_one() -> bool {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(VICTIM) {
        return false;
    }
    let name = arguments.next().unwrap_or_default();
    let arguments: Vec<_> = arguments.collect();
    let victims =
        [crate::process::victims(), crate::network::victims(), crate::edges::victims(), crate::chaos::victims()]
            .concat();
    match victims.into_iter().find(|(known, _)| *known == name) {
        Some((_, run)) => run(&arguments),
        None => std::process::exit(64),
    }
    true
}
