//! The PostHog backend against a server that speaks PostHog's protocol, over real sockets.

mod accounting;
mod allocations;
mod faults;
mod filters;
mod runtimes;
mod support;
mod wire;
