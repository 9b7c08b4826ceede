//! Running a command whose events are shown.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::{ExitCode, ExitStatus};

use analytics_inspector::{Inspector, ReceivedEvent};
use tokio::process::{Child, Command};

use crate::args::Settings;
use crate::complain;
use crate::serve::options;
use crate::signals::{Signal, Signals};

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
    let inspector = Inspector::start(options(settings).with_observer(print))?;
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
            writeln!(io::stderr(), "{}", inspector.totals()).unwrap_or_default();
            Ok(code_of(status))
        }
        Err(error) => {
            complain(&format!("cannot run {}: {error}", program.display()));
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
                    terminate(id).await?;
                }
            }
        }
    }
}

async fn terminate(id: u32) -> io::Result<()> {
    Command::new("kill").args(["-TERM", &id.to_string()]).status().await.map(drop)
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

/// Prints one event. If nobody reads stderr any more, nobody misses it.
fn print(event: &ReceivedEvent) {
    writeln!(io::stderr(), "{event}").unwrap_or_default();
}
