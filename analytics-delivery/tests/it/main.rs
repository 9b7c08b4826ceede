//! The engine with a transport that answers as it is told.
//!
//! Servers are played by the inspector, in the tests of the backend. Here is what no server can do: a transport that
//! panics, hangs without a timeout, or tracks events itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, with helpers of their own")]

mod contract;
mod observers;
mod overflow;
mod panics;
mod receipts;
mod support;
mod told_in_time;
mod transports;
