//! What the testkit promises, and what it says when a promise of the code under test is broken.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod clock;
mod context;
#[cfg(feature = "contract")]
mod contract;
mod counting;
mod events;
mod failure;
mod journey;
mod keys;
mod messages;
#[cfg(feature = "mockall")]
mod mock;
mod people;
mod recording;
mod sequence;
#[cfg(feature = "server")]
mod server;
mod strictness;
mod waiting;
mod whole_events;
mod world;
