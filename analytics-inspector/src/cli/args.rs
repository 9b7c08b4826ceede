//! The command line.

use std::ffi::{OsStr, OsString};
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use lexopt::prelude::{Long, Short, Value};
use lexopt::{Parser, ValueExt as _};

/// The port that a service is pointed at unless told otherwise.
pub(crate) const DEFAULT_PORT: u16 = 8010;

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Version,
    Serve(Settings),
    Tail { port: u16, format: Format },
    Run { settings: Settings, command: Vec<OsString> },
    Check { settings: Settings, expectations: Expectations, command: Vec<OsString> },
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) port: u16,
    /// `None` for the library's default.
    pub(crate) capacity: Option<usize>,
    /// `None` for loopback.
    pub(crate) listen: Option<IpAddr>,
    pub(crate) allowed_hosts: Vec<String>,
    /// `None` for a random one where there has to be one.
    pub(crate) token: Option<String>,
    /// Whether to show the page in a browser.
    pub(crate) open: bool,
}

/// What `check` asks of a command besides that nothing is lost.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Expectations {
    /// Names under which an event has to arrive.
    pub(crate) events: Vec<String>,
    /// Where the report is written as JSON.
    pub(crate) report: Option<PathBuf>,
}

/// How events are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
}

/// Reads the arguments after the program's name: `--flag VALUE` or `--flag=VALUE`.
///
/// # Errors
///
/// A sentence that names the argument that is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let word = parser.raw_args()?.next_if(|word| word == "tail" || word == "run" || word == "check");
    match word.as_deref().and_then(OsStr::to_str) {
        Some("tail") => tail(&mut parser),
        Some(word @ ("run" | "check")) => with_command(&mut parser, word),
        _ => serve(&mut parser),
    }
}

fn serve(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let mut settings = Settings { port: DEFAULT_PORT, ..Settings::default() };
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("port") => settings.port = number(parser, "--port")?,
            Long("capacity") => settings.capacity = Some(number(parser, "--capacity")?),
            Long("open") => settings.open = true,
            Long("listen") => settings.listen = Some(value(parser, "--listen", "an IP address")?),
            Long("allow-host") => settings.allowed_hosts.push(parser.value()?.string()?),
            Long("token") => settings.token = Some(parser.value()?.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Command::Serve(settings))
}

fn tail(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut port, mut format) = (DEFAULT_PORT, Format::default());
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("port") => port = number(parser, "--port")?,
            Long("format") => format = value(parser, "--format", "human or json")?,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Command::Tail { port, format })
}

/// The command may stand behind `--`; what follows it is its own either way.
fn with_command(parser: &mut Parser, word: &str) -> Result<Command, lexopt::Error> {
    let is_check = word == "check";
    let (mut settings, mut expectations) = (Settings::default(), Expectations::default());
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("capacity") => settings.capacity = Some(number(parser, "--capacity")?),
            Long("expect") if is_check => expectations.events.push(parser.value()?.string()?),
            Long("report") if is_check => expectations.report = Some(parser.value()?.into()),
            Value(program) => {
                let command = std::iter::once(program).chain(parser.raw_args()?).collect();
                return Ok(if is_check {
                    Command::Check { settings, expectations, command }
                } else {
                    Command::Run { settings, command }
                });
            }
            _ => return Err(format!("{} (a command stands behind --)", argument.unexpected()).into()),
        }
    }
    Err(format!("{word} needs -- and a command").into())
}

fn number<T: FromStr>(parser: &mut Parser, flag: &str) -> Result<T, lexopt::Error> {
    value(parser, flag, "a number in range")
}

/// The value of `flag`, which needs `what`.
fn value<T: FromStr>(parser: &mut Parser, flag: &str, what: &str) -> Result<T, lexopt::Error> {
    let text = parser.value()?.string()?;
    text.parse().map_err(|_| format!("{flag} needs {what}, not {text:?}").into())
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
