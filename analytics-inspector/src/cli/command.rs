//! Running a command that is pointed at an inspector.

use std::ffi::OsString;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use analytics_inspector::Inspector;
use tokio::process::{Child, Command};

use crate::args::Settings;
use crate::options;
use crate::printer::Printer;
use crate::settled::wait_until_settled;
use crate::signals::{Signal, Signals};
use crate::stderr::report_error;

/// What a shell answers for a command that is not there, and for one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUNNABLE: u8 = 126;

/// How long what the command had sent may be on its way when it has ended.
const SETTLE_WITHIN: Duration = Duration::from_secs(2);

/// A command that has ended, and what it sent.
pub(crate) struct Finished {
    /// Its exit code, or what a shell would answer in its place.
    pub(crate) code: u8,
    pub(crate) inspector: Inspector,
    /// Prints to stderr, so that stdout is the command's own.
    pub(crate) printer: Printer,
}

/// Serves while a command runs, pointed at the inspector, and shows its events on stderr.
///
/// # Errors
///
/// The exit code of a command that cannot be run, in `Ok`; else what the system says.
pub(crate) fn run(settings: Settings, command: &[OsString]) -> io::Result<Result<Finished, u8>> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let printer = Printer::start(io::stderr())?;
    let inspector = Inspector::start(options::shown_by(&printer, options::of(settings)))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let status = runtime.block_on(async {
        let mut signals = Signals::new()?;
        let child = Command::new(program)
            .args(arguments)
            .env("POSTHOG_HOST", inspector.url())
            .env("POSTHOG_API_KEY", "phc_local")
            .env_remove("POSTHOG_PROJECT_TOKEN")
            .env_remove("POSTHOG_PROJECT_TOKEN_FILE")
            .spawn();
        match child {
            Ok(child) => wait(child, &mut signals).await.map(Ok),
            Err(error) => Ok(Err(error)),
        }
    })?;
    match status {
        Ok(status) => {
            wait_until_settled(&inspector, SETTLE_WITHIN);
            Ok(Ok(Finished { code: code_of(status), inspector, printer }))
        }
        Err(error) => {
            report_error(&format!("cannot run {}: {error}", program.display()));
            Ok(Err(if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUNNABLE }))
        }
    }
}

/// Waits for the command. A terminal sends Ctrl-C to it as well; SIGTERM is passed on.
async fn wait(mut child: Child, signals: &mut Signals) -> io::Result<ExitStatus> {
    loop {
        tokio::select! {
            status = child.wait() => return status,
            signal = signals.next() => {
                if let (Signal::Terminate, Some(id)) = (signal, child.id()) {
                    terminate(id)?;
                }
            }
        }
    }
}

/// Asks the command to end. It was not waited for yet, so its id is nobody else's.
#[cfg(unix)]
fn terminate(id: u32) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(kill_process(pid, Signal::TERM)?)
}

/// Nothing sends that signal here.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail where there are signals")]
fn terminate(_id: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn code_of(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(not(unix))]
fn code_of(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
