//! What becomes of a configuration.

mod choices;
mod errors;
mod file;
#[cfg(feature = "log")]
mod log;
mod logs;
#[cfg(feature = "posthog")]
mod posthog;
mod threads;
