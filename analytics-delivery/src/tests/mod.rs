//! What tests more than one room of the crate: the engine beside a model of it, on a virtual clock, and under threads.

mod model;
mod races;
#[cfg(not(shuttle))]
mod simulation;
