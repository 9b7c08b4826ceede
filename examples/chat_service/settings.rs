//! What the service itself takes from the environment.

use std::time::Duration;

use thiserror::Error;

/// The port that is listened on unless `PORT` says otherwise.
pub const DEFAULT_PORT: u16 = 3000;

/// The time that the service has to end unless `SHUTDOWN_GRACE` says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// What the service itself takes from the environment. Analytics reads its own variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The port of `127.0.0.1` to listen on: `PORT`; 0 is any free one.
    pub port: u16,
    /// From the signal to the end of the process: `SHUTDOWN_GRACE`, `10s` say.
    pub grace: Duration,
}

/// A setting that cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{variable}: {value:?} is not {expected}")]
pub struct InvalidSetting {
    variable: &'static str,
    value: String,
    expected: &'static str,
}

impl Settings {
    /// Reads variables: `Settings::from_vars(|name| std::env::var(name).ok())`. A blank one is as good as none.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        let read = |variable| var(variable).filter(|value| !value.trim().is_empty());
        let port = read("PORT").map_or(Ok(DEFAULT_PORT), |value| {
            let expected = "a port from 0 to 65535";
            value.trim().parse().map_err(|_| InvalidSetting { variable: "PORT", value, expected })
        })?;
        let grace = read("SHUTDOWN_GRACE").map_or(Ok(DEFAULT_GRACE), |value| {
            let expected = "a duration like 10s";
            humantime::parse_duration(value.trim()).map_err(|_| InvalidSetting {
                variable: "SHUTDOWN_GRACE",
                value,
                expected,
            })
        })?;
        Ok(Self { port, grace })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variable: &str, value: &str) -> Result<Settings, InvalidSetting> {
        Settings::from_vars(|name| (name == variable).then(|| value.to_owned()))
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let default = Settings { port: 3000, grace: Duration::from_secs(10) };
        assert_eq!(settings("PORT", " ").unwrap(), default);
        assert_eq!(settings("PORT", "0").unwrap(), Settings { port: 0, ..default });
        let short = Settings { grace: Duration::from_millis(1_500), ..default };
        assert_eq!(settings("SHUTDOWN_GRACE", "1s 500ms").unwrap(), short);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let told = |variable, value| settings(variable, value).unwrap_err().to_string();
        assert_eq!(told("PORT", "http"), r#"PORT: "http" is not a port from 0 to 65535"#);
        assert_eq!(told("SHUTDOWN_GRACE", "10"), r#"SHUTDOWN_GRACE: "10" is not a duration like 10s"#);
    }
}
