//! The command line.

use std::ffi::{OsStr, OsString};
use std::net::IpAddr;

/// The port that a service is pointed at unless told otherwise.
pub(crate) const DEFAULT_PORT: u16 = 8010;

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Serve(Settings),
    Tail { port: u16, format: Format },
    Run { settings: Settings, command: Vec<OsString> },
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
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter().peekable();
    let word = arguments.next_if(|word| word == "tail" || word == "run");
    match word.as_deref().and_then(OsStr::to_str) {
        Some("tail") => tail(arguments),
        Some("run") => run(arguments),
        _ => serve(arguments),
    }
}

fn serve(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut flags = Flags(arguments);
    let mut settings = Settings { port: DEFAULT_PORT, ..Settings::default() };
    while let Some(flag) = flags.next_flag() {
        match flag.name.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--port" => settings.port = number(&flags.value(flag)?)?,
            "--capacity" => settings.capacity = Some(number(&flags.value(flag)?)?),
            "--open" => settings.open = flag.is_alone()?,
            "--listen" => settings.listen = Some(address(&flags.value(flag)?)?),
            "--allow-host" => settings.allowed_hosts.push(flags.value(flag)?.text),
            "--token" => settings.token = Some(flags.value(flag)?.text),
            _ => return Err(flag.unknown()),
        }
    }
    Ok(Command::Serve(settings))
}

fn tail(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut flags = Flags(arguments);
    let (mut port, mut format) = (DEFAULT_PORT, Format::default());
    while let Some(flag) = flags.next_flag() {
        match flag.name.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--port" => port = number(&flags.value(flag)?)?,
            "--format" => format = self::format(&flags.value(flag)?)?,
            _ => return Err(flag.unknown()),
        }
    }
    Ok(Command::Tail { port, format })
}

fn run(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut flags = Flags(arguments);
    let mut settings = Settings::default();
    while let Some(flag) = flags.next_flag() {
        match flag.name.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--capacity" => settings.capacity = Some(number(&flags.value(flag)?)?),
            "--" => {
                let command: Vec<OsString> = flags.0.collect();
                let is_missing = command.is_empty();
                return if is_missing {
                    Err("run needs a command".into())
                } else {
                    Ok(Command::Run { settings, command })
                };
            }
            _ => return Err(format!("{} (a command stands behind --)", flag.unknown())),
        }
    }
    Err("run needs -- and a command".to_owned())
}

struct Flags<I>(I);

/// One argument, split at its first `=`.
struct Flag {
    name: String,
    value: Option<String>,
}

/// A flag with its value.
struct Value {
    flag: String,
    text: String,
}

impl<I: Iterator<Item = OsString>> Flags<I> {
    fn next_flag(&mut self) -> Option<Flag> {
        let argument = self.0.next()?.to_string_lossy().into_owned();
        Some(match argument.split_once('=') {
            Some((name, value)) => Flag { name: name.to_owned(), value: Some(value.to_owned()) },
            None => Flag { name: argument, value: None },
        })
    }

    fn value(&mut self, flag: Flag) -> Result<Value, String> {
        let next = || self.0.next().map(|value| value.to_string_lossy().into_owned());
        let text = flag.value.or_else(next).ok_or_else(|| format!("{} needs a value", flag.name))?;
        Ok(Value { flag: flag.name, text })
    }
}

impl Flag {
    /// `true`, for a flag that takes no value.
    fn is_alone(&self) -> Result<bool, String> {
        if self.value.is_some() { Err(format!("{} takes no value", self.name)) } else { Ok(true) }
    }

    fn unknown(&self) -> String {
        let Self { name, value } = self;
        format!("unknown argument {:?}", value.as_ref().map_or(name.clone(), |value| format!("{name}={value}")))
    }
}

fn number<T: std::str::FromStr>(Value { flag, text }: &Value) -> Result<T, String> {
    text.parse().map_err(|_| format!("{flag} needs a number in range, not {text:?}"))
}

fn address(Value { flag, text }: &Value) -> Result<IpAddr, String> {
    text.parse().map_err(|_| format!("{flag} needs an IP address, not {text:?}"))
}

fn format(Value { flag, text }: &Value) -> Result<Format, String> {
    match text.as_str() {
        "human" => Ok(Format::Human),
        "json" => Ok(Format::Json),
        _ => Err(format!("{flag} needs human or json, not {text:?}")),
    }
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
