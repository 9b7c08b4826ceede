//! What tells the service to end.

use std::io;

/// Catches Ctrl-C and SIGTERM from now on; the future ends with the first of them.
#[cfg(unix)]
pub(crate) fn termination() -> io::Result<impl Future<Output = ()>> {
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

/// Catches Ctrl-C from now on; the future ends with it.
#[cfg(not(unix))]
pub(crate) fn termination() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupted.recv().await) })
}
