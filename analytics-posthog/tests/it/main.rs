//! The PostHog backend against a server that speaks PostHog's protocol, over real sockets.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests, with helpers of their own")]

mod accounting;
mod ai;
mod allocations;
mod answers;
mod compression;
mod contract;
mod fault_kinds;
mod faults;
mod filters;
mod runtimes;
mod support;
mod tls;
mod v1;
mod wire;
