//! Sinks that wrap sinks. Each passes the borrowed record on; `Map` one with contents of its own.

mod around;
mod branches;

mod fanout;
mod filter;
mod map;
mod router;
mod sample;

pub use self::fanout::Fanout;
pub use self::filter::Filter;
pub use self::map::Map;
pub use self::router::Router;
pub use self::sample::{InvalidRate, Sample};
