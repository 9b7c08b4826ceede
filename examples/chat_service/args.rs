//! The command line.

use std::ffi::OsString;

use lexopt::prelude::{Long, Short};

/// What a wrong one is answered with.
pub(crate) const USAGE: &str = "usage: chat_service [--demo]";

/// What `--help` prints.
pub(crate) const HELP: &str = "\
A chat copilot over HTTP that tracks what its users do.

usage: chat_service [--demo]

  --demo      play a recorded conversation to a service of its own, with a local server
              in PostHog's place, and prove that every event arrived
  -h, --help  this text

PORT            the port of 127.0.0.1 to listen on; 0 is any free one (default 3000)
SHUTDOWN_GRACE  from Ctrl-C or SIGTERM to the end (default 10s)
RUST_LOG        what is logged, to stderr (default info; with --demo warn)

Where events go is said by POSTHOG_API_KEY, POSTHOG_HOST and ANALYTICS_BACKEND; without any
of them they go nowhere.
";

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Demo,
    Serve,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// A sentence that names the argument that is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut command = Command::Serve;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("demo") => command = Command::Demo,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_choose_a_command() {
        let parsed =
            |arguments: &[&str]| parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string());
        assert_eq!(parsed(&[]), Ok(Command::Serve));
        assert_eq!(parsed(&["--demo"]), Ok(Command::Demo));
        assert_eq!(parsed(&["--demo", "-h"]), Ok(Command::Help));
        assert_eq!(parsed(&["--dmeo"]), Err("invalid option '--dmeo'".to_owned()));
    }
}
