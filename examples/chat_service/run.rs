//! The life of the service.

use std::io;
use std::net::Ipv4Addr;

use product_analytics::ConfigErrors;
use thiserror::Error;
use tokio::net::TcpListener;

use crate::app::router;
use crate::serve::serve;
use crate::settings::Settings;
use crate::signals::termination;

/// Why the service could not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// Analytics is not configured well.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// The port cannot be had.
    #[error("port {port}: {error}; choose another with PORT")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        error: io::Error,
    },
    /// The system refuses something else.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Serves until Ctrl-C or SIGTERM, delivers what is queued, and ends, all within the grace.
///
/// The last line in the log is the receipt: what became of every event.
///
/// # Errors
/// If the configuration is wrong, the port taken, or the system refuses a socket or a signal.
pub async fn run(settings: Settings) -> Result<(), RunError> {
    let analytics = product_analytics::from_env()?;
    let Settings { port, grace } = settings;
    // Covers the early returns below; after the shutdown at the end it has nothing left to do.
    let _guard = analytics.shutdown_on_drop(grace);

    let stop = termination()?;
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| RunError::Port { port, error })?;
    tracing::info!("listening on http://{}", listener.local_addr()?);

    let grace = serve(listener, router(&analytics), stop, grace).await?;
    analytics.shutdown(grace.left()).await;
    Ok(())
}
