//! What becomes of a configuration.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests may")]

mod choices;
mod environment;
mod errors;
mod explain;
#[cfg(feature = "posthog")]
mod file;
#[cfg(feature = "posthog")]
mod hosts;
#[cfg(feature = "posthog")]
mod key_file;
#[cfg(feature = "posthog")]
mod keys;
#[cfg(feature = "log")]
mod log;
mod logs;
#[cfg(feature = "posthog")]
mod observers;
#[cfg(feature = "posthog")]
mod posthog;
#[cfg(feature = "posthog")]
mod server;
#[cfg(feature = "posthog")]
mod settings;
#[cfg(feature = "posthog")]
mod texts;
mod threads;
#[cfg(feature = "posthog")]
mod verify;
#[cfg(not(feature = "posthog"))]
mod without_backends;
