//! The service, a local server in PostHog's place, and a recorded conversation between them.

mod audit;
mod inspected;
mod outcome;
mod player;
mod summary;
mod transcript;

use std::io;
use std::net::Ipv4Addr;
use std::time::Instant;

use analytics_inspector::{Inspector, InspectorOptions};
use product_analytics::config::Backend;
use product_analytics::{AnalyticsConfig, ConfigErrors};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use self::inspected::Inspected;
pub use self::outcome::Outcome;
use self::player::Player;
use self::transcript::Transcript;
use crate::app::router;
use crate::serve::serve;
use crate::settings::DEFAULT_GRACE;

/// The variables that may hold the key of a real project, or name a file that does.
const KEY_VARIABLES: [&str; 4] =
    ["POSTHOG_PROJECT_TOKEN", "POSTHOG_API_KEY", "POSTHOG_PROJECT_API_KEY", "POSTHOG_PROJECT_TOKEN_FILE"];

/// Why there is no outcome.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DemoError {
    /// Somebody means to send events to a real project.
    #[error("--demo sends events to a local server only, but {0} is set; unset it, or run without --demo")]
    KeyIsSet(&'static str),
    /// The transcript cannot be read.
    #[error("the transcript, line {line}: {error}")]
    Transcript {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// The backend could not be started.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// A request of the transcript had no answer.
    #[error("the service did not answer: {0}")]
    Client(#[from] reqwest::Error),
    /// The system refuses a socket or a thread.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Plays the transcript to a service of its own, over real sockets, and tells what became of its events.
///
/// # Errors
/// If the environment, which `var` reads, holds a project's key, or the demonstration cannot run.
pub async fn demo(var: impl Fn(&str) -> Option<String>) -> Result<Outcome, DemoError> {
    let is_set = |name: &&str| var(name).is_some_and(|value| !value.trim().is_empty());
    if let Some(name) = KEY_VARIABLES.into_iter().find(|name| is_set(name)) {
        return Err(DemoError::KeyIsSet(name));
    }
    let transcript = Transcript::shipped()?;
    let inspector = Inspector::start(InspectorOptions::default())?;
    let analytics = sends_to(&inspector.url()).build()?;

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel();
    let stopped = async { stopped.await.unwrap_or_default() };
    let service = tokio::spawn(serve(listener, router(&analytics), stopped, DEFAULT_GRACE));

    let began = Instant::now();
    let answers = Player::new(url)?.play(&transcript).await?;
    let took = began.elapsed();

    stop.send(()).unwrap_or_default();
    let grace = service.await.map_err(io::Error::other)??;
    let ledger = analytics.shutdown(grace.left()).await;
    Ok(Outcome { transcript, answers, took, ledger, inspected: Inspected::read(&inspector) })
}

/// The configuration that a deployment has in its environment, written in code.
fn sends_to(url: &str) -> AnalyticsConfig {
    let mut config = AnalyticsConfig::default();
    config.backend = vec![Backend::PostHog];
    config.environment = Some("demo".to_owned());
    config.posthog.key = Some("phc_demo".into());
    config.posthog.host = Some(url.to_owned());
    config
}
