//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::ValueExt as _;
use lexopt::prelude::{Long, Short};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Version,
    Check(Settings),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) env_file: Option<PathBuf>,
    /// The longest that one check may take.
    pub(crate) timeout: Duration,
    pub(crate) sends_event: bool,
    /// Whether it is a failure if events go nowhere.
    pub(crate) require: bool,
    pub(crate) format: Format,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
}

impl Settings {
    /// The arguments that say the same, the file of variables aside.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let flags =
            [("--no-event", !self.sends_event), ("--require", self.require), ("--json", self.format == Format::Json)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| flag.to_owned());
        flags.chain([format!("--timeout={}", humantime::format_duration(self.timeout))]).collect()
    }
}

/// Reads the arguments after the program's name: `--flag VALUE` or `--flag=VALUE`.
///
/// # Errors
///
/// A sentence that names the argument that is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut settings = Settings {
        env_file: None,
        timeout: DEFAULT_TIMEOUT,
        sends_event: true,
        require: false,
        format: Format::default(),
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("json") => settings.format = Format::Json,
            Long("no-event") => settings.sends_event = false,
            Long("require") => settings.require = true,
            Long("env-file") => settings.env_file = Some(parser.value()?.into()),
            Long("timeout") => settings.timeout = duration(&parser.value()?.string()?)?,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Command::Check(settings))
}

fn duration(text: &str) -> Result<Duration, lexopt::Error> {
    match humantime::parse_duration(text) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(format!("--timeout needs a number with a unit, as in 5s or 500ms, not {text:?}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn flags_are_read_with_their_values_beside_or_attached() {
        let expected = Settings {
            env_file: Some("a=b.env".into()),
            timeout: Duration::from_millis(500),
            sends_event: false,
            require: true,
            format: Format::Json,
        };
        for arguments in [
            ["--env-file", "a=b.env", "--timeout", "500ms", "--no-event", "--require", "--json"].as_slice(),
            &["--json", "--require", "--no-event", "--timeout=500ms", "--env-file=a=b.env"],
        ] {
            let Ok(Command::Check(settings)) = parsed(arguments) else { panic!("{arguments:?}") };
            assert_eq!(settings, expected);
            let again = parse(settings.arguments().into_iter().map(OsString::from)).unwrap();
            assert_eq!(again, Command::Check(Settings { env_file: None, ..settings }));
        }
        assert_eq!(parsed(&["--json", "-h", "nonsense"]), Ok(Command::Help));
        assert_eq!(parsed(&["--version"]), Ok(Command::Version));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (arguments, part) in [
            (["--timeout"].as_slice(), "missing argument for option '--timeout'"),
            (&["--timeout", "5"], "needs a number with a unit"),
            (&["--timeout=0s"], "not \"0s\""),
            (&["--json=true"], "unexpected argument for option '--json': \"true\""),
            (&["--jsno"], "invalid option '--jsno'"),
            (&["doctor"], "unexpected argument \"doctor\""),
        ] {
            let error = parsed(arguments).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
