//! What can go wrong, provoked: each row of the table is a fault, what must then happen, and a proof that gives the
//! figure.
//!
//! The rows are data. `cargo test -p analytics-endurance` runs each as a test of its own, at a size that suits a
//! machine that checks every change ([`Tier::Ci`]); `cargo run -p analytics-endurance -- --full` runs them one by one
//! at full size ([`Tier::Full`]) and writes the table of figures, `docs/what-we-survive.md`.

pub mod chaos;
pub mod edges;
mod faults;
pub mod figures;
pub mod inspector;
pub mod memory;
pub mod network;
pub mod process;
pub mod programs;
pub mod proxy;
mod row;
pub mod server;
pub mod service;
pub mod victim;

pub use self::figures::{Figures, on_one_line};
pub use self::row::{Outcome, Proof, Row, Tier, Unmet, ensure};

/// Every row, by number.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = [network::rows(), process::rows(), edges::rows(), inspector::rows(), chaos::rows()].concat();
    rows.sort_by_key(|row| row.number);
    rows
}
