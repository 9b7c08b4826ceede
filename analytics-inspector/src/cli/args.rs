//! The command line.

use std::ffi::OsString;

/// The port that a service is pointed at unless told otherwise.
pub(crate) const DEFAULT_PORT: u16 = 8010;

pub(crate) const USAGE: &str = "usage: analytics-inspector [--port PORT] [--capacity EVENTS]";

pub(crate) const HELP: &str = "\
A local server that speaks PostHog's capture protocol and shows the events it receives.

usage: analytics-inspector [--port PORT] [--capacity EVENTS]

  --port PORT        the port of 127.0.0.1 to listen on; 0 is any free one (default 8010)
  --capacity EVENTS  how many events to remember for the JSON API (default 100000)
  -h, --help         this text

Each event is one line on stdout: actor, name, and the properties that do not begin with `$`.
The JSON API is at /api/events, /api/requests, /api/counts, /api/reset, /api/faults, /api/health.
Ctrl-C or SIGTERM end it.
";

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Run(Settings),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) port: u16,
    /// `None` for the library's default.
    pub(crate) capacity: Option<usize>,
}

/// Reads the arguments after the program's name: `--flag VALUE` or `--flag=VALUE`.
///
/// # Errors
///
/// A sentence that names the argument that is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut settings = Settings { port: DEFAULT_PORT, capacity: None };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy().into_owned();
        let (flag, value) = match argument.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let value = |arguments: &mut dyn Iterator<Item = OsString>| {
            value
                .or_else(|| arguments.next().map(|value| value.to_string_lossy().into_owned()))
                .ok_or_else(|| format!("{flag} needs a value"))
        };
        match flag {
            "-h" | "--help" => return Ok(Command::Help),
            "--port" => settings.port = number(flag, &value(&mut arguments)?)?,
            "--capacity" => settings.capacity = Some(number(flag, &value(&mut arguments)?)?),
            _ => return Err(format!("unknown argument {argument:?}")),
        }
    }
    Ok(Command::Run(settings))
}

fn number<T: std::str::FromStr>(flag: &str, value: &str) -> Result<T, String> {
    let error = |_| format!("{flag} needs a number in range, not {value:?}");
    value.parse().map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn flags_take_their_value_in_both_spellings() {
        let both = Command::Run(Settings { port: 9, capacity: Some(7) });
        assert_eq!(parsed(&["--port", "9", "--capacity=7"]), Ok(both));
        let neither = Command::Run(Settings { port: 8010, capacity: None });
        assert_eq!(parsed(&[]), Ok(neither));
        assert_eq!(parsed(&["--port", "9", "-h"]), Ok(Command::Help));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (arguments, expected) in [
            (&["--prot", "9"][..], r#"unknown argument "--prot""#),
            (&["--port"], "--port needs a value"),
            (&["--port", "65536"], r#"--port needs a number in range, not "65536""#),
            (&["--capacity=-1"], r#"--capacity needs a number in range, not "-1""#),
        ] {
            assert_eq!(parsed(arguments), Err(expected.to_owned()));
        }
    }
}
