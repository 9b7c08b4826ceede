//! The chat service: what it tracks, and how it begins and ends. The other examples: what they print. The guides: that
//! they show what is compiled.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed, helpers included"
)]

mod architecture;
mod backends;
mod browser;
mod configuration;
mod demo;
mod events;
mod examples;
mod guides;
mod health;
mod modules;
mod own_tests;
mod process;
mod public_api;
#[cfg(unix)]
mod shutdown;
mod workspace;

use std::time::Duration;

/// How long a test waits for what must happen, before it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);
