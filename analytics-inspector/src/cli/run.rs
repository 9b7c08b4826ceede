//! The life of the program.

use std::io::{self, Write as _};

use analytics_inspector::{Inspector, InspectorOptions, ReceivedEvent};

use crate::args::Settings;

/// Serves until Ctrl-C or SIGTERM, then prints the totals.
pub(crate) fn run(settings: Settings) -> io::Result<()> {
    let mut options = InspectorOptions::default().with_port(settings.port).with_observer(print);
    if let Some(capacity) = settings.capacity {
        options = options.with_capacity(capacity);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let inspector = Inspector::start(options)?;
    let interruption = {
        let _context = runtime.enter();
        interruption()?
    };
    let url = inspector.url();
    writeln!(
        io::stdout(),
        "listening on {url}; point a service at it with POSTHOG_HOST={url} POSTHOG_API_KEY=phc_local"
    )?;
    runtime.block_on(interruption);
    writeln!(io::stdout(), "{}", inspector.totals())
}

/// Prints one event. If nobody reads stdout any more, the API still has it.
fn print(event: &ReceivedEvent) {
    writeln!(io::stdout(), "{event}").unwrap_or_default();
}

/// Catches the signals from now on; the future ends with the first of them.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupted.recv().await) })
}
