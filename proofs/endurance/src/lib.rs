//! What can go wrong, provoked: each row of the table is a fault, what must then happen, and a proof that gives the
//! figure.
//!
//! The rows are data. `cargo test -p analytics-endurance` runs each as a test of its own, at a size that suits a
//! machine that checks every change ([`Tier::Ci`]); `cargo run -p analytics-endurance -- --full` runs them one by one
//! at full size ([`Tier::Full`]) and writes the table of figures, `docs/what-we-survive.md`.

// Each group uses only what stands in those above it.
mod faults;
pub mod proxy;
pub mod server;
mod unmet;

pub mod figures;
pub mod programs;
pub mod service;

pub mod harness;
mod row;

pub mod chaos;
pub mod edges;
pub mod inspector;
pub mod network;
pub mod process;

mod registry;

pub use self::figures::{Figures, on_one_line};
pub use self::registry::{rows, run_as_subprocess};
pub use self::row::{Outcome, Proof, Row, Tier};
pub use self::unmet::{Unmet, ensure};
