//! What is read from a request, and what is told of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests, with helpers of their own")]

mod allocations;
mod ends;
mod reading;
mod support;
