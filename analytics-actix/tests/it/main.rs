//! Requests over real sockets.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests, with helpers of their own")]

mod authentication;
mod ends;
mod routes;
mod support;
