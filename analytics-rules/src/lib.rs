//! Rules that several crates follow, each once: what analytics backends reserve and refuse, how text from outside is
//! shown, and how an enum is a word.
//!
//! The derive asks for lengths, keys, names and ids at compile time, a backend when it writes an event down, the
//! testkit's recording sink when it stands in for one: what is refused in production is refused in a test. The crate
//! has no dependencies, so that a proc macro can use it as well.
//!
//! A service does not need this crate.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod limits;
mod trimmed;

pub mod display;
pub mod posthog;

mod words;

pub use self::limits::{MAX_DISTINCT_ID_BYTES, MAX_EVENT_NAME_BYTES, MAX_KEY_BYTES};
pub use self::trimmed::trimmed;
pub use self::words::UnknownWord;
