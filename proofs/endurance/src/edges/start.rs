//! A service that starts from its environment, as any does.

use std::ffi::{OsStr, OsString};

use product_analytics::{Actor, DynamicEvent};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::figures::on_one_line;
use crate::harness::fixture::{LONG, OrFail};
use crate::harness::log_lines::Lines;
use crate::harness::{Subprocess, subprocess};
use crate::unmet::{Unmet, ensure};

pub(super) const SUBPROCESS: Subprocess = ("start", |_| subprocess::finish(start()));

/// The key of a service that has one.
pub(super) const KEY: (&str, &str) = ("POSTHOG_API_KEY", "phc_abcdefghijkmnopqrsZz8Qw7Er6Ty5uvwxyzABCDEFG");

/// What stands between two lines in what is told of a start.
pub(super) const SEPARATOR: &str = " // ";

/// What came of a start.
pub(super) struct Started {
    /// The errors, on one line, if it was refused.
    pub(super) refused: Option<String>,
    /// The lines that it logged at start, on one.
    pub(super) lines: String,
}

/// Starts a service in a process of its own, with these variables and none of this process's that are about analytics;
/// one that starts tracks an event, which has to be delivered to `url`.
pub(super) fn with(url: &str, variables: &[(OsString, OsString)]) -> Result<Started, Unmet> {
    let mut command = subprocess::command("start", &[])?;
    let is_ours = |name: &OsStr| {
        let name = name.to_string_lossy().to_uppercase();
        ["ANALYTICS", "POSTHOG", "DO_NOT_TRACK"].iter().any(|part| name.contains(part))
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_ours(name)) {
        command.env_remove(name);
    }
    command.env("POSTHOG_HOST", url).envs(variables.iter().map(|(name, value)| (name, value)));
    let ended = subprocess::run(command, LONG)?.succeeded()?;
    let lines = ended.text("lines")?.to_owned();
    if let Ok(refused) = ended.text("refused") {
        return Ok(Started { refused: Some(refused.to_owned()), lines });
    }
    ended.settled(1)?;
    Ok(Started { refused: None, lines })
}

/// Variables as they are told to [`with`].
pub(super) fn set(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn start() -> Result<(), Unmet> {
    let lines = Lines::default();
    tracing_subscriber::registry().with(lines.clone()).try_init().or_fail("the subscriber")?;
    let started = product_analytics::from_env();
    let told =
        |line: &String| line.split_once("analytics::config message=").map(|(_, message)| message.trim().to_owned());
    subprocess::tell("lines", lines.take().iter().filter_map(told).collect::<Vec<_>>().join(SEPARATOR));
    match started {
        Ok(analytics) => {
            analytics.track(Actor::user("u1"), DynamicEvent::new("started"));
            let ledger = analytics.shutdown_blocking(LONG);
            ensure(ledger.captured() == 1, || format!("not one event: {ledger}"))?;
            subprocess::tell_ledger(&ledger);
        }
        Err(errors) => subprocess::tell("refused", on_one_line(&errors.to_string())),
    }
    Ok(())
}
