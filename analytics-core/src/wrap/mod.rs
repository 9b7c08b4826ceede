//! Sinks that wrap sinks. Each passes the borrowed record on.

mod fanout;
mod filter;
mod sample;

pub use self::fanout::Fanout;
pub use self::filter::Filter;
pub use self::sample::{InvalidRate, Sample};
