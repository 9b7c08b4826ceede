//! The tests that examples have themselves, run with all others.

#![allow(dead_code, clippy::print_stdout, reason = "a module's `main` is run elsewhere, as a program")]

#[path = "../../direct_sink.rs"]
mod direct_sink;
#[path = "../../guide.rs"]
mod guide;
#[path = "../../test_your_events.rs"]
mod test_your_events;
