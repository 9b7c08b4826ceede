//! What is written, refused and left out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests, with helpers of their own")]

mod actors;
mod context;
mod groups;
mod person;
mod reserved;
mod sampling;
mod standard;
mod support;
mod typed;
mod weight;
