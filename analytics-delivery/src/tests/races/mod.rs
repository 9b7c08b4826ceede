//! Flush races track races shutdown, and the worker races them all.
//!
//! With real threads it runs with the other tests. In an order that `shuttle` chooses, it runs with
//! `RUSTFLAGS="--cfg shuttle" cargo test -p analytics-delivery --lib shuttle --target-dir target/shuttle`.

mod part;
mod scenario;
#[cfg(shuttle)]
mod shuttle;
#[cfg(not(shuttle))]
mod threads;
