//! Running a command whose events are shown.

use std::ffi::OsString;
use std::io;
use std::process::{ExitCode, ExitStatus};

use analytics_inspector::Inspector;
use tokio::process::{Child, Command};

use crate::args::Settings;
use crate::options;
use crate::printer::Printer;
use crate::signals::{Signal, Signals};
use crate::stderr::report_error;

/// What a shell answers for a command that is not there, and for one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUNNABLE: u8 = 126;

/// Serves while a command runs, pointed at the inspector. Its exit code is the program's.
///
/// Events and totals go to stderr, so that stdout is the command's own.
pub(crate) fn run(settings: Settings, command: &[OsString]) -> io::Result<ExitCode> {
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
            .spawn();
        match child {
            Ok(child) => wait(child, &mut signals).await.map(Ok),
            Err(error) => Ok(Err(error)),
        }
    })?;
    match status {
        Ok(status) => {
            printer.print(inspector.totals().to_string());
            printer.finish();
            Ok(code_of(status))
        }
        Err(error) => {
            report_error(&format!("cannot run {}: {error}", program.display()));
            let is_missing = error.kind() == io::ErrorKind::NotFound;
            Ok(ExitCode::from(if is_missing { NOT_FOUND } else { NOT_RUNNABLE }))
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
fn code_of(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(not(unix))]
fn code_of(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
