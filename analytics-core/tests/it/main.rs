//! The vocabulary, as a program uses it, with a sink of the tests' own: the testkit depends on this crate.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, with helpers of their own")]

mod actors;
mod context;
mod copilot;
mod exceptions;
mod foreign;
mod health;
mod json;
mod lanes;
mod mapping;
mod maps;
mod panics;
mod receipts;
mod records;
mod router;
mod scopes;
mod support;
mod values;
mod watching;
mod wrappers;
